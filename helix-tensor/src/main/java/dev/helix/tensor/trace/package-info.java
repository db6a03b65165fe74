/**
 * What one decode step asks of a GPU, without a number computed: the launches and transfers of a
 * rank with their operands' specs, in the order of the program, and what each has to wait for.
 *
 * <p>{@link dev.helix.tensor.trace.RankTrace} is the list; {@link dev.helix.tensor.trace.Launch}
 * and {@link dev.helix.tensor.trace.Transfer} are its entries. {@link
 * dev.helix.tensor.trace.TraceKernels} and {@link dev.helix.tensor.trace.TraceCollectives} write
 * it. Bytes are those of the operands, and of nothing else; only FLOPs are declared, and a counting
 * reading checks them. Nothing here knows of microseconds.
 */
package dev.helix.tensor.trace;
