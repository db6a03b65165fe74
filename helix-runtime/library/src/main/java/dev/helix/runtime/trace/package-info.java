/**
 * The {@code trace} reading's questions and answers: what a model's experts are loaded with ({@link
 * dev.helix.runtime.trace.LoadModel}), and what a step then launches and sends ({@link
 * dev.helix.runtime.trace.StepTrace}). {@link dev.helix.runtime.trace.StepTracer} answers, by
 * reading one step of the decode program with shapes only.
 */
package dev.helix.runtime.trace;
