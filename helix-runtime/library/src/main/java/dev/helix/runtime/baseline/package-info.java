/**
 * The unsharded decoder by the textbook's formulas, for one request with a cache of its own, and
 * for each of its parts a bound of how far rounding can take the sharded program from it.
 *
 * <p>Two classes to start with:
 *
 * <ul>
 *   <li>{@link dev.helix.runtime.baseline.UnshardedDecoder} computes everything from the tokens
 *       alone. After a few layers no useful bound compares its numbers with those of a sharded run,
 *       because each layer multiplies the differences that earlier layers have left. But its tokens
 *       can be compared.
 *   <li>{@link dev.helix.runtime.baseline.DecoderReplay} starts each part from the hidden state
 *       that the sharded run itself had there, and returns its output with a bound. So a difference
 *       must come from this part alone.
 * </ul>
 *
 * <p>Everything here is written in plain Java doubles, apart from the sharded program, without
 * kernels, ranks or merge.
 */
package dev.helix.runtime.baseline;
