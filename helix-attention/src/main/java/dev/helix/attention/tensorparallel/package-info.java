/**
 * Reserved for tensor parallel attention (TP), the first rival that the paper compares Helix with
 * (arXiv 2507.07120, §3). <b>Its program is not written yet.</b>
 *
 * <p>All heads of a layer are split over TPA ranks, and each rank attends with its heads over the
 * whole sequence, so that nothing is exchanged before the output projection. After it, an
 * all-reduce adds up the results. Beyond TPA = K there are not enough KV heads for all ranks. Each
 * KV head is then on ⌈TPA/K⌉ ranks, which costs memory and time on all of them. In latent attention
 * (MLA) the query heads are split and every rank keeps the whole cache of latents.
 *
 * <p>Up to TPA = K the program of {@link dev.helix.attention.helix.HelixAttention} with KVP = 1
 * computes the same thing. What is missing is TPA beyond K, and MLA with TPA above 1, which {@link
 * dev.helix.attention.helix.LatentSharding} refuses. The program will be a {@link
 * dev.helix.attention.SelfAttention} over {@link dev.helix.attention.AttentionKernels} and {@link
 * dev.helix.attention.cache.KvShard}, with a sharding that lets several ranks keep one KV head.
 */
package dev.helix.attention.tensorparallel;
