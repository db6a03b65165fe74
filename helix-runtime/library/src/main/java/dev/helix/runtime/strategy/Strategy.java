package dev.helix.runtime.strategy;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * How the decode of a model is spread over ranks: which rank has which slice of which weight, which
 * tokens it caches, which rows of a step it holds in which part, what crosses between ranks. The
 * decoder, the run and the trace know none of it; they ask here.
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
   * @param requests how many they are
   * @throws InvalidInputException naming the rule that the strategy breaks
   */
  default void requireBatch(int requests) {}

  /** How a rank and others hold the hidden state between the parts that it runs. */
  HeldState hidden(int rank);

  /** The parts of the decoder on one rank, each loaded when it is asked for. */
  <T extends Tensor> PartLoader<T> on(RankLoading<T> loading);

  /** The greatest number of parts that the attention of one token is merged of. */
  int attentionParts();

  /**
   * What the ranks have to do in a step, in sizes alone.
   *
   * @param rows of the step
   * @param capacity for each request the greatest number of its tokens
   * @param expertsDiffer whether ranks with other experts get other loads
   */
  StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, boolean expertsDiffer);
}
