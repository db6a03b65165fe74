/**
 * Attention under Helix Parallelism (arXiv 2507.07120, §2.1) and, in packages of their own, under
 * the strategies that the paper compares it with. This package holds what all strategies and all
 * readings share: the operations ({@link dev.helix.attention.AttentionKernels}, for MLA also {@link
 * dev.helix.attention.LatentKernels}) and the values that they take and return, such as {@link
 * dev.helix.attention.PartialAttention}, the result of attention over one part of the sequence.
 * Start with {@link dev.helix.attention.helix.HelixAttention} and {@link
 * dev.helix.attention.AttentionKernels}.
 *
 * <p>These packages are strategies, which say what each rank does and what ranks exchange:
 *
 * <ul>
 *   <li>{@link dev.helix.attention.helix}: the paper's strategy, KVP × TPA; tensor and data
 *       parallel attention are the same program with KVP = 1 or on smaller groups of ranks
 *   <li>{@link dev.helix.attention.medha}: a rival that gathers onto one fixed group of ranks
 * </ul>
 *
 * <p>Strategies are built from these packages:
 *
 * <ul>
 *   <li>{@link dev.helix.attention.placement}: which rank keeps which token
 *   <li>{@link dev.helix.attention.cache}: one rank's part of the KV cache
 *   <li>{@link dev.helix.attention.rotary}: positions
 *   <li>{@link dev.helix.attention.merge}: the merge of partial states
 * </ul>
 *
 * <p>These packages are readings of the operations: {@link dev.helix.attention.fp64}, {@link
 * dev.helix.attention.exact}, {@link dev.helix.attention.scalar} and {@link
 * dev.helix.attention.trace}.
 *
 * <p>Two packages compute unsharded attention without the operations, for comparison: {@link
 * dev.helix.attention.baseline} in double precision, and {@link dev.helix.attention.definition}
 * with exact sums. Neither knows the other. {@link dev.helix.attention.bounds} bounds how far
 * rounding can put programs apart.
 *
 * <p>{@link dev.helix.attention.convention} says in which formats, base and layout a system keeps
 * partial states, and {@link dev.helix.attention.faults} has the faults that systems have shipped.
 * {@link dev.helix.attention.nd4j} shards attention over a user's own arrays.
 *
 * <p>Q and K are the numbers of query and KV heads, and Hsz is the size of a head. KVP and TPA are
 * the numbers of ranks along the sequence and along the KV heads. LSE is the log-sum-exp of a
 * part's scores, which gives the weight of its output in the merge.
 */
package dev.helix.attention;
