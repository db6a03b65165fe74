/**
 * The decoder as the textbook has it, unsharded, one request with a cache of its own; and for every
 * part of it, by how much rounding can take the sharded program from it.
 *
 * <p>Two classes to start with:
 *
 * <ul>
 *   <li>{@link dev.helix.runtime.baseline.UnshardedDecoder} runs freely, token after token. After a
 *       few layers its numbers and those of a sharded run are no longer comparable by a useful
 *       bound, for each layer multiplies what the layers before it left; its tokens are.
 *   <li>{@link dev.helix.runtime.baseline.DecoderReplay} starts each part from the hidden state
 *       that the sharded run itself had there, so that the difference is what this part alone has
 *       made, and returns it with its bound.
 * </ul>
 *
 * <p>Everything here is plain Java doubles, written apart from the sharded program: no kernels, no
 * ranks, no merge.
 */
package dev.helix.runtime.baseline;
