/**
 * Steps of every batch from a few traces: each size of an operation is linear in the batch, or it
 * is asked anew. Start with {@link dev.helix.runtime.trace.batch.StepsByBatch}, which traces a plan
 * for a few batches and gives the step of any other, and {@link
 * dev.helix.runtime.trace.batch.ExpectedSteps}, which does so for the loads of experts that are
 * expected.
 */
package dev.helix.runtime.trace.batch;
