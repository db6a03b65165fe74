/**
 * Reserved for expert parallelism with an exchange of tokens (EP), which is used with data parallel
 * attention (arXiv 2507.07120, §3). <b>Its program is not written yet.</b>
 *
 * <p>Each rank has whole experts. After data parallel attention it holds the hidden states of its
 * own requests only. So tokens travel to the ranks of their experts (dispatch), and the outputs
 * travel back (combine), in two all-to-alls whose sizes depend on the routing. A token that goes to
 * several experts of one rank travels once, and a token whose experts are on its own rank does not
 * travel.
 *
 * <p>In Helix no token travels to the experts, because every rank holds the whole hidden state: see
 * {@link dev.helix.ffn.helix.HelixMoe}. The program will be a {@link dev.helix.ffn.FeedForward}
 * over {@link dev.helix.ffn.MoeKernels}, with {@link dev.helix.ffn.Routing} and {@link
 * dev.helix.ffn.Dispatch} as they are and an uneven all-to-all.
 */
package dev.helix.ffn.expertparallel;
