/**
 * The place of Medha's attention, which the paper compares Helix with (arXiv 2507.07120, §3; Medha:
 * arXiv 2409.17264). <b>Its program is not written yet.</b>
 *
 * <p>As in Helix the KV cache is split along the sequence over KVP ranks and along the heads over
 * TP ranks. What differs comes after: the attention outputs are gathered, with nothing to hide that
 * exchange behind, and the FFN runs on one fixed group of TP ranks while the others wait. How wide
 * that group is (TPA, 8 or N) differs between accounts of Medha, so that whoever quotes a result
 * has to name it.
 *
 * <p>The program will be a {@link dev.helix.attention.SelfAttention} over the same {@link
 * dev.helix.attention.AttentionKernels#flashDecode}, {@link
 * dev.helix.attention.AttentionKernels#mergeByLse} and {@link dev.helix.attention.cache.KvShard} as
 * Helix, with another exchange, and ranks that run different programs.
 */
package dev.helix.attention.medha;
