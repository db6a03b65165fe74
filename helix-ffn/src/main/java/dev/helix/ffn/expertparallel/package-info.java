/**
 * Expert parallelism with an exchange of tokens (EP), which goes with data parallel attention
 * (arXiv 2507.07120, §3). Whole experts stand on the ranks. Each rank holds the hidden states of
 * its own requests alone, so that tokens travel to the ranks of their experts (dispatch) and the
 * outputs travel back (combine): two all-to-alls whose sizes depend on the routing.
 *
 * <p>Start with {@link dev.helix.ffn.expertparallel.ExpertParallelMoe}, whose {@code apply} is one
 * step, and {@link dev.helix.ffn.expertparallel.Sending}, which says which tokens travel. In Helix
 * nothing travels to the experts, because every rank holds the whole hidden state: see {@link
 * dev.helix.ffn.helix.HelixMoe}.
 */
package dev.helix.ffn.expertparallel;
