/**
 * The FFN under Helix Parallelism (arXiv 2507.07120, §2.2) and, in packages of their own, under the
 * strategies that the paper compares it with. This package holds what all strategies and all
 * readings share: the operations ({@link dev.helix.ffn.FfnKernels}, {@link
 * dev.helix.ffn.MoeKernels}), the shapes, and the choice of experts ({@link
 * dev.helix.ffn.RouterRule} says which experts a token goes to). Start with {@link
 * dev.helix.ffn.helix.HelixMoe} and {@link dev.helix.ffn.MoeKernels}.
 *
 * <p>These packages are strategies, which say what each rank does and what ranks exchange:
 *
 * <ul>
 *   <li>{@link dev.helix.ffn.helix}: the paper's strategy, in which the ranks of attention are
 *       re-partitioned as TPF × EP; a tensor parallel FFN is the same program on other ranks
 *   <li>{@link dev.helix.ffn.expertparallel}: a rival in which tokens travel to whole experts
 * </ul>
 *
 * <p>These packages are readings of the operations: {@link dev.helix.ffn.fp64}, {@link
 * dev.helix.ffn.exact}, {@link dev.helix.ffn.scalar} and {@link dev.helix.ffn.trace}.
 *
 * <p>Two packages compute the unsharded FFN without the operations, for comparison: {@link
 * dev.helix.ffn.baseline} in double precision, and {@link dev.helix.ffn.definition} with exact
 * sums. {@link dev.helix.ffn.bounds} bounds how far rounding can put programs apart, and {@link
 * dev.helix.ffn.faults} has the faults that systems have shipped.
 *
 * <p>TPF and EP are the tensor and expert parallel widths of the FFN.
 */
package dev.helix.ffn;
