/**
 * Tensor parallelism in a pipeline of stages (TP × PP) as a strategy of the whole decoder. Start
 * with {@link dev.helix.runtime.strategy.pipeline.PipelineStrategy}, which says which stage has
 * which layers and which requests form a micro-batch, and {@code PipelinePartLoader}, which makes
 * the parts of a rank. A rank takes the hidden state from the stage before and hands it to the next
 * one.
 */
package dev.helix.runtime.strategy.pipeline;
