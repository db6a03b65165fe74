/**
 * The FFN of one layer as one rank runs it under Helix Parallelism (arXiv 2507.07120, §2.2): the N
 * = KVP × TPA ranks that shared the KV cache in attention are used again, re-partitioned as N = TPF
 * × EP.
 *
 * <p>Start with {@link dev.helix.ffn.helix.HelixMoe}, which is a mixture of experts over TPF × EP,
 * and {@link dev.helix.ffn.helix.MoeSharding}, which says which experts and which of their columns
 * a rank has. {@link dev.helix.ffn.helix.HelixDenseFfn} and {@link dev.helix.ffn.helix.FfnSharding}
 * do the same for a dense FFN over TPF = N.
 */
package dev.helix.ffn.helix;
