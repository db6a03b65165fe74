/**
 * Attention under Helix Parallelism (arXiv 2507.07120, §2.1) and, in places of their own, under the
 * strategies that the paper compares it with. This package holds what all strategies and all
 * readings share: the operations ({@link dev.helix.attention.AttentionKernels}, for MLA also {@link
 * dev.helix.attention.LatentKernels}) and the values that they take and return, such as {@link
 * dev.helix.attention.PartialAttention}, which is what attention over one part of the sequence
 * leaves behind. Start with {@link dev.helix.attention.helix.HelixAttention} and {@link
 * dev.helix.attention.AttentionKernels}.
 *
 * <p>Strategies, which say what each rank does and what crosses between ranks:
 *
 * <ul>
 *   <li>{@link dev.helix.attention.helix}: KVP × TPA, the paper's
 *   <li>{@link dev.helix.attention.tensorparallel}, {@link dev.helix.attention.dataparallel},
 *       {@link dev.helix.attention.medha}: its rivals, not written yet
 * </ul>
 *
 * <p>What strategies are built from:
 *
 * <ul>
 *   <li>{@link dev.helix.attention.placement}: which rank keeps which token
 *   <li>{@link dev.helix.attention.cache}: one rank's part of the KV cache
 *   <li>{@link dev.helix.attention.rotary}: positions
 *   <li>{@link dev.helix.attention.merge}: the merge of partial states
 * </ul>
 *
 * <p>Readings of the operations: {@link dev.helix.attention.fp64}, {@link
 * dev.helix.attention.exact}, {@link dev.helix.attention.scalar} and {@link
 * dev.helix.attention.trace}.
 *
 * <p>Attention unsharded, written without the operations, to compare with: {@link
 * dev.helix.attention.baseline} in double precision and {@link dev.helix.attention.definition} in
 * exact sums. Neither knows the other.
 *
 * <p>Q, K: query and KV heads. Hsz: head size. KVP, TPA: ranks along the sequence and along the KV
 * heads. LSE: log-sum-exp of a part's scores, the weight of its output in the merge.
 */
package dev.helix.attention;
