/**
 * Reads files of tensors that other programs wrote, and recognises each by its first bytes. Start
 * with {@link dev.helix.tensor.io.foreign.TensorFile}, which opens any of them; what it holds are
 * {@link dev.helix.tensor.io.FileTensor tensors} whose elements stay in the file until they are
 * asked for.
 *
 * <p>Nothing in a file is ever executed.
 */
package dev.helix.tensor.io.foreign;
