/**
 * Reserved for Medha's attention, which the paper compares Helix with (arXiv 2507.07120, §3; Medha:
 * arXiv 2409.17264). <b>Its program is not written yet.</b>
 *
 * <p>As in Helix the KV cache is split along the sequence over KVP ranks and along the heads over
 * TP ranks. The difference comes after that. The attention outputs are gathered, and nothing hides
 * the time of that exchange. The FFN runs on one fixed group of TP ranks while the others wait.
 * Accounts of Medha differ in how wide that group is (TPA, 8 or N), so whoever quotes a result has
 * to name the width.
 *
 * <p>The program will be a {@link dev.helix.attention.SelfAttention} over the same {@link
 * dev.helix.attention.AttentionKernels#flashDecode}, {@link
 * dev.helix.attention.AttentionKernels#mergeByLse} and {@link dev.helix.attention.cache.KvShard} as
 * Helix, with another exchange, and ranks that run different programs.
 */
package dev.helix.attention.medha;
