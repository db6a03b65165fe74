/**
 * Expert parallelism with an exchange of tokens (EP), which is used with data parallel attention
 * (arXiv 2507.07120, §3). Each rank has whole experts, and the hidden states of its own requests
 * only. So tokens travel to the ranks of their experts (dispatch), and the outputs travel back
 * (combine), in two all-to-alls whose sizes depend on the routing.
 *
 * <p>Start with {@link dev.helix.ffn.expertparallel.ExpertParallelMoe}, whose {@code apply} runs
 * one step, and {@link dev.helix.ffn.expertparallel.Sending}, which says which tokens travel. In
 * Helix no token travels to the experts, because every rank holds the whole hidden state: see
 * {@link dev.helix.ffn.helix.HelixMoe}.
 */
package dev.helix.ffn.expertparallel;
