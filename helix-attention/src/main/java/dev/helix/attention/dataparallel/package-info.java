/**
 * Reserved for data parallel attention (DP), which the paper's rivals for mixtures of experts use
 * (arXiv 2507.07120, §3). <b>Its program is not written yet.</b>
 *
 * <p>The requests of a batch are split over the ranks. Each rank has all heads and attends for its
 * own requests alone, over a cache of its own, so that attention exchanges nothing; there must be
 * at least as many requests as ranks. It leaves a hidden state that is split by batch, and the
 * experts that follow need a dispatch and a combine between ranks. A group of Helix ranks (KVP ×
 * TPA) may take the place of each single rank.
 *
 * <p>The program will be a {@link dev.helix.attention.SelfAttention} over {@link
 * dev.helix.attention.AttentionKernels} and {@link dev.helix.attention.cache.KvShard}, with a
 * {@link dev.helix.attention.placement.KvPlacement} of one shard for each request, or inside a
 * group the program of {@link dev.helix.attention.helix.HelixAttention}.
 */
package dev.helix.attention.dataparallel;
