/**
 * Reserved for the tensor parallel FFN (TP), the first rival that the paper compares Helix with
 * (arXiv 2507.07120, §3). <b>Its program is not written yet.</b>
 *
 * <p>The intermediate columns are split over the same TPA ranks as the heads of attention, and an
 * all-reduce adds up the results. {@link dev.helix.ffn.helix.HelixDenseFfn} and {@link
 * dev.helix.ffn.helix.HelixMoe} compute this where KVP is 1. What is missing is an FFN on fewer
 * ranks than attention has, such as Medha's one fixed group while the other ranks wait. The program
 * will be a {@link dev.helix.ffn.FeedForward} over {@link dev.helix.ffn.FfnKernels} and {@link
 * dev.helix.ffn.MoeKernels}.
 */
package dev.helix.ffn.tensorparallel;
