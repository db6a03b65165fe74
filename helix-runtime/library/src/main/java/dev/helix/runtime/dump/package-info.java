/**
 * Tensors of a sharded attention that another program has left on disk. Start with {@link
 * dev.helix.runtime.dump.Dump}, which is opened from files and folders and says which tensor plays
 * which {@link dev.helix.runtime.dump.Role} on which rank, and {@link
 * dev.helix.runtime.dump.DumpTensor}, whose elements stay in the file until they are asked for.
 *
 * <p>A dialect is the way in which one program names its files and tensors. The dialects of
 * FlashInfer's API log and of SGLang's two dumpers are recognised; tensors of all others are known
 * by their names, or by a map that the user gives.
 */
package dev.helix.runtime.dump;
