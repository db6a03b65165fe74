/**
 * Attention of one layer as one rank runs it under Helix Parallelism (arXiv 2507.07120, §2.1): the
 * KV cache is split along the sequence over KVP ranks and along the KV heads over TPA ranks.
 *
 * <p>Start with {@link dev.helix.attention.helix.HelixAttention}, whose {@code attend} has the six
 * steps of the algorithm in their order, and {@link dev.helix.attention.helix.AttentionSharding},
 * which says which heads a rank has before and after the exchange. {@link
 * dev.helix.attention.helix.HelixLatentAttention} and {@link
 * dev.helix.attention.helix.LatentSharding} do the same for latent attention (MLA), where TPA is 1.
 */
package dev.helix.attention.helix;
