/**
 * The FFN kernels of the {@code trace} reading. They say what each launch reads, writes and
 * computes, from shapes and the load of the experts alone. Start with {@link
 * dev.helix.ffn.trace.TraceFfnKernels} and {@link dev.helix.ffn.trace.TraceMoeKernels}.
 */
package dev.helix.ffn.trace;
