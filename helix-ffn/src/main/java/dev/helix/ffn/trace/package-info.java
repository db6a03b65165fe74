/**
 * The FFN kernels of the {@code trace} reading: {@link dev.helix.ffn.trace.TraceFfnKernels} and
 * {@link dev.helix.ffn.trace.TraceMoeKernels} say what each launch reads, writes and computes, from
 * shapes and the experts' load alone.
 */
package dev.helix.ffn.trace;
