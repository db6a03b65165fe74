/**
 * The {@code trace} reading's questions and answers: in which precision a model is deployed ({@link
 * dev.helix.runtime.trace.DeployedPrecision}), what its experts are loaded with, and what a step
 * then launches and sends.
 */
package dev.helix.runtime.trace;
