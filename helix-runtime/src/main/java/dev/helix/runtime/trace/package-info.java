/**
 * The {@code trace} reading's questions and answers: in which precision a model is deployed ({@link
 * dev.helix.runtime.trace.DeployedPrecision}), what its experts are loaded with ({@link
 * dev.helix.runtime.trace.LoadModel}), and what a step then launches and sends ({@link
 * dev.helix.runtime.trace.StepTrace}). {@link dev.helix.runtime.decode.StepTracer} answers.
 */
package dev.helix.runtime.trace;
