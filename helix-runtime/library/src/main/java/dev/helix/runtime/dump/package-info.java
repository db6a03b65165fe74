/**
 * Tensors of a sharded attention that another program has left on disk. Start with {@link
 * dev.helix.runtime.dump.Dump}, which says which tensor plays which {@link
 * dev.helix.runtime.dump.Role} on which rank, and {@link dev.helix.runtime.dump.DumpTensor}, whose
 * elements stay in the file until they are asked for.
 *
 * <ul>
 *   <li>{@code reading}: opens a dump from files and folders
 *   <li>{@code dialect}: the ways in which programs name files and tensors
 *   <li>{@code writing}: dumps of this project's own runs
 * </ul>
 */
package dev.helix.runtime.dump;
