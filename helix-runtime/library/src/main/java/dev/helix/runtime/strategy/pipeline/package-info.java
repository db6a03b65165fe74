/**
 * Tensor parallelism in a pipeline of stages (TP × PP) as a strategy of the whole decoder. {@link
 * dev.helix.runtime.strategy.pipeline.PipelineStrategy} says which stage has which layers and which
 * requests form a micro-batch; {@code PipelinePartLoader} makes the parts of a rank, whose hidden
 * state begins and ends at other stages.
 */
package dev.helix.runtime.strategy.pipeline;
