/**
 * The FFN under Helix Parallelism (arXiv 2507.07120, §2.2) and, in places of their own, under the
 * strategies that the paper compares it with. This package holds what all strategies and all
 * readings share: the operations ({@link dev.helix.ffn.FfnKernels}, {@link
 * dev.helix.ffn.MoeKernels}), the shapes, and the choice of experts ({@link
 * dev.helix.ffn.RouterRule} says which experts a token goes to). Start with {@link
 * dev.helix.ffn.helix.HelixMoe} and {@link dev.helix.ffn.MoeKernels}.
 *
 * <p>Strategies, which say what each rank does and what crosses between ranks:
 *
 * <ul>
 *   <li>{@link dev.helix.ffn.helix}: the ranks of attention re-partitioned as TPF × EP, the paper's
 *   <li>{@link dev.helix.ffn.tensorparallel}, {@link dev.helix.ffn.expertparallel}: its rivals, not
 *       written yet
 * </ul>
 *
 * <p>Readings of the operations: {@link dev.helix.ffn.fp64}, {@link dev.helix.ffn.exact}, {@link
 * dev.helix.ffn.scalar} and {@link dev.helix.ffn.trace}.
 *
 * <p>The FFN unsharded, written without the operations, to compare with: {@link
 * dev.helix.ffn.baseline} in double precision and {@link dev.helix.ffn.definition} in exact sums.
 *
 * <p>TPF, EP: tensor and expert parallel widths of the FFN.
 */
package dev.helix.ffn;
