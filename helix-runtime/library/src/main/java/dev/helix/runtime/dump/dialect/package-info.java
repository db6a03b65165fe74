/**
 * The ways in which programs name the files and tensors of a dump. Start with {@link
 * dev.helix.runtime.dump.dialect.Dialects}, which recognises them, and {@link
 * dev.helix.runtime.dump.dialect.Collected}, in which each leaves the tensors that it has found,
 * with their rank, step and layer.
 */
package dev.helix.runtime.dump.dialect;
