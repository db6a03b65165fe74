/**
 * Reads ZIP archives as containers of tensors. {@link dev.helix.tensor.io.zip.ZipArchive} reads the
 * directory and hands out the content of each member; a member that is stored without compression
 * stays in the mapped file. {@link dev.helix.tensor.io.zip.ZipDirectory} is the format's directory,
 * checked against the file.
 */
package dev.helix.tensor.io.zip;
