/**
 * The attention kernels of the {@code trace} reading. They say what each launch reads, writes and
 * computes, from shapes and visible lengths alone. Start with {@link
 * dev.helix.attention.trace.TraceAttentionKernels} and {@link
 * dev.helix.attention.trace.TraceLatentKernels}.
 */
package dev.helix.attention.trace;
