/**
 * The FFN under Helix Parallelism (arXiv 2507.07120, §2.2): the ranks that shared the KV cache are
 * used again, re-partitioned. {@link dev.helix.ffn.HelixDenseFfn} is a dense SwiGLU over TPF = N
 * ranks, {@link dev.helix.ffn.FfnSharding} says which columns stand where.
 */
package dev.helix.ffn;
