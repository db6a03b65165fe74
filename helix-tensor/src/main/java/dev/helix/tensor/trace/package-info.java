/**
 * The {@code trace} reading, which computes no numbers. It lists what one decode step asks of a
 * GPU: the launches and transfers of a rank with the specs of their operands, in the order of the
 * program, and what each of them has to wait for.
 *
 * <p>Start with {@link dev.helix.tensor.trace.RankTrace}, which is the list, and {@link
 * dev.helix.tensor.trace.Launch}, which with {@link dev.helix.tensor.trace.Transfer} is an entry of
 * it. {@link dev.helix.tensor.trace.TraceKernels} and {@link
 * dev.helix.tensor.trace.TraceCollectives} write it. Bytes are those of the operands, and of
 * nothing else; only FLOPs are declared, and a counting reading checks them. Nothing here knows of
 * microseconds.
 */
package dev.helix.tensor.trace;
