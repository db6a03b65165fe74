/**
 * The place of expert parallelism with an exchange of tokens (EP), which goes with data parallel
 * attention (arXiv 2507.07120, §3). <b>Its program is not written yet.</b>
 *
 * <p>Whole experts stand on the ranks. After data parallel attention each rank holds the hidden
 * states of its own requests alone, so that tokens travel to the ranks of their experts (dispatch)
 * and the outputs travel back (combine): two all-to-alls whose sizes depend on the routing. A token
 * that goes to several experts of one rank travels once, and one whose experts are at home does not
 * travel.
 *
 * <p>In Helix nothing travels to the experts, because every rank holds the whole hidden state: see
 * {@link dev.helix.ffn.helix.HelixMoe}. The program will be a {@link dev.helix.ffn.FeedForward}
 * over {@link dev.helix.ffn.MoeKernels}, with {@link dev.helix.ffn.Routing} and {@link
 * dev.helix.ffn.Dispatch} as they are and an uneven all-to-all.
 */
package dev.helix.ffn.expertparallel;
