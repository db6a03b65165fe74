/**
 * The FFN under Helix Parallelism (arXiv 2507.07120, §2.2): the ranks that shared the KV cache are
 * used again, re-partitioned. {@link dev.helix.ffn.HelixDenseFfn} is a dense SwiGLU over TPF = N
 * ranks, {@link dev.helix.ffn.HelixMoe} a mixture of experts over TPF × EP = N. {@link
 * dev.helix.ffn.FfnSharding} and {@link dev.helix.ffn.MoeSharding} say what stands where, {@link
 * dev.helix.ffn.RouterRule} which experts a token goes to.
 *
 * <p>TPF, EP: tensor and expert parallel widths of the FFN.
 */
package dev.helix.ffn;
