/**
 * Medha's attention, which the paper compares Helix with (arXiv 2507.07120, §3; Medha: arXiv
 * 2409.17264). As in Helix the KV cache is split along the sequence over KVP ranks and along the
 * heads over TPA ranks. The difference comes before and after that: one fixed group of ranks has
 * the hidden state, projects and runs the FFN, while the others wait. Accounts of Medha differ in
 * how wide that group is (TPA, 8 or N), so whoever quotes a result has to name the width.
 *
 * <p>Start with {@link dev.helix.attention.medha.MedhaAttention}, which runs the attention of
 * {@link dev.helix.attention.helix.HelixAttention} between two exchanges, and {@link
 * dev.helix.attention.helix.AttentionSharding}, whose {@code owners} says how many ranks the group
 * has.
 */
package dev.helix.attention.medha;
