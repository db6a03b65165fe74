/**
 * The attention kernels of the {@code trace} reading: {@link
 * dev.helix.attention.trace.TraceAttentionKernels} and {@link
 * dev.helix.attention.trace.TraceLatentKernels} say what each launch reads, writes and computes,
 * from shapes and visible lengths alone.
 */
package dev.helix.attention.trace;
