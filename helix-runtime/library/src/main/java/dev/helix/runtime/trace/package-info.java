/**
 * Traces whole steps with the {@code trace} reading. Start with {@link
 * dev.helix.runtime.trace.StepTracer}, which runs one step of the decode program with shapes only,
 * and {@link dev.helix.runtime.trace.StepTrace}, which says what the step launches and sends. A
 * {@link dev.helix.runtime.trace.LoadModel} states the load of a model's experts.
 */
package dev.helix.runtime.trace;
