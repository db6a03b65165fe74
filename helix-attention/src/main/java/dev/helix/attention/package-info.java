/**
 * Attention under Helix Parallelism (arXiv 2507.07120, §2.1): {@link
 * dev.helix.attention.HelixAttention} is the paper's six steps in their order, {@link
 * dev.helix.attention.HelixLatentAttention} the same for latent attention (MLA); {@link
 * dev.helix.attention.PartialAttention} is what one part of the sequence leaves behind, and what is
 * merged.
 *
 * <ul>
 *   <li>{@link dev.helix.attention.placement}: which rank keeps which token
 *   <li>{@link dev.helix.attention.cache}: one rank's part of the KV cache
 *   <li>{@link dev.helix.attention.rotary}: positions
 *   <li>{@link dev.helix.attention.fp64}, {@link dev.helix.attention.scalar}: readings
 *   <li>{@link dev.helix.attention.baseline}: the same attention unsharded, written separately
 * </ul>
 *
 * <p>Q, K: query and KV heads. Hsz: head size. LSE: log-sum-exp of a part's scores, the weight of
 * its output in the merge.
 */
package dev.helix.attention;
