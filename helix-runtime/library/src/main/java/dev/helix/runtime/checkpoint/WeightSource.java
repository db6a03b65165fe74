package dev.helix.runtime.checkpoint;

import dev.helix.tensor.WeightSlice;

/**
 * The source of slices of a model's weights: a {@link Checkpoint}, or {@link UnreadWeights} if only
 * the model's {@code config.json} exists. Names are those of {@link LlamaNames}, {@link
 * LatentNames} and {@link ExpertNames}.
 */
public interface WeightSource {
  ModelConfig config();

  /**
   * A block of a weight of two axes: the rows {@code [rowFrom, rowTo)}, and of each row the columns
   * {@code [columnFrom, columnTo)}. Nothing is read yet.
   *
   * @throws IllegalArgumentException if the block is not within the weight
   */
  WeightSlice slice(String tensor, int rowFrom, int rowTo, int columnFrom, int columnTo);

  /**
   * A whole weight of one axis. Nothing is read yet.
   *
   * @param size number of elements that it must have
   * @throws IllegalArgumentException if the weight has not one axis of that size
   */
  WeightSlice vector(String tensor, int size);

  /** Whether a block can have these bounds, which every source checks first. */
  static boolean isRange(int from, int to) {
    return 0 <= from && from <= to;
  }
}
