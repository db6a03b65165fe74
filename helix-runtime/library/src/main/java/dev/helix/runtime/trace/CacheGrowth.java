package dev.helix.runtime.trace;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;

/**
 * How the KV caches of ranks grow with the context, found without a trace.
 *
 * @param queries batch and drafts of the step; its own context is ignored
 */
public record CacheGrowth(ModelConfig model, Strategy strategy, StepQueries queries) {
  /**
   * Number of elements of the KV cache of each rank after the step, in the order of ranks.
   *
   * @param context how many tokens the first row of each request attends to
   */
  public long[] elements(int context) {
    StepQueries step = queries.at(context);
    LoadedRouters routers = new LoadedRouters(new LoadModel.UniformExpectation());
    StepSizes sizes = strategy.sizes(model, step.rows(), request -> step.tokens(), routers);
    long[] elements = new long[strategy.ranks()];
    for (int rank = 0; rank < elements.length; rank++) {
      elements[rank] = sizes.kvElements(rank);
    }
    return elements;
  }
}
