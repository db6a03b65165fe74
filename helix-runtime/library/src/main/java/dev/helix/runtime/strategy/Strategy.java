package dev.helix.runtime.strategy;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A way to spread the decode of a model over ranks. It says which rank has which slice of which
 * weight, which tokens it caches, which rows of a step it holds in which part, and what ranks
 * exchange. The decoder, the run and the trace know nothing of this and ask the strategy.
 */
public interface Strategy {
  /** N, the number of ranks. */
  int ranks();

  /**
   * Checks that a model can be spread in this way.
   *
   * @throws InvalidInputException naming the rule that the strategy breaks
   */
  void requireFits(ModelConfig model);

  /**
   * Checks that the requests of a run can be spread in this way.
   *
   * @param requests number of requests
   * @throws InvalidInputException naming the rule that the strategy breaks
   */
  default void requireBatch(int requests) {}

  /**
   * Says how the ranks, including {@code rank}, hold the hidden state between the parts that {@code
   * rank} runs.
   */
  HeldState hidden(int rank);

  /**
   * The micro-batches in which a step passes through the layers, one after the other.
   *
   * @param batch all rows of the step
   */
  default List<List<StepRow>> microBatches(List<StepRow> batch) {
    return List.of(batch);
  }

  /**
   * Makes the loader of one rank's parts of the decoder. Each part is loaded when it is asked for.
   */
  <T extends Tensor> PartLoader<T> on(RankLoading<T> loading);

  /** The greatest number of parts from which the attention of one token is merged. */
  int attentionParts();

  /**
   * The sizes of what the ranks have to do in a step.
   *
   * @param rows the rows of the step
   * @param capacity the greatest number of tokens of each request
   * @param routers the routers, which say whether all ranks have the same load
   */
  StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers);

  /**
   * The groups in which ranks exchange during a step. Each list has those of one purpose, which
   * have no rank in common. Groups of one rank may be left out.
   */
  List<List<Group>> exchanges();

  /** Says what a rank has of a model. */
  RankHoldings holdings(ModelConfig model, int rank);
}
