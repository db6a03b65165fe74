/**
 * Medha's attention, which the paper compares Helix with (arXiv 2507.07120, §3; Medha: arXiv
 * 2409.17264). As in Helix the KV cache is split along the sequence over KVP ranks and along the
 * heads over TPA ranks. What differs comes before and after: one fixed group of ranks has the
 * hidden state, projects and runs the FFN, while the others wait. How wide that group is (TPA, 8 or
 * N) differs between accounts of Medha, so that whoever quotes a result has to name it.
 *
 * <p>Start with {@link dev.helix.attention.medha.MedhaAttention}, which is the attention of {@link
 * dev.helix.attention.helix.HelixAttention} between two exchanges; {@link
 * dev.helix.attention.helix.AttentionSharding#owners} says how many ranks the group has.
 */
package dev.helix.attention.medha;
