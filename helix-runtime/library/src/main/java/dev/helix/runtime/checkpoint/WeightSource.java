package dev.helix.runtime.checkpoint;

import dev.helix.tensor.WeightSlice;

/**
 * Where the slices of a model's weights come from: a {@link Checkpoint}, or {@link UnreadWeights}
 * of a model of which nothing but {@code config.json} is there. Names are those of {@link
 * LlamaNames}, {@link LatentNames} and {@link ExpertNames}.
 */
public interface WeightSource {
  ModelConfig config();

  /**
   * A block of a weight of two axes: rows {@code [rowFrom, rowTo)}, of each the columns {@code
   * [columnFrom, columnTo)}. Nothing is read yet.
   *
   * @throws IllegalArgumentException if the block is not within the weight
   */
  WeightSlice slice(String tensor, int rowFrom, int rowTo, int columnFrom, int columnTo);

  /**
   * A whole weight of one axis. Nothing is read yet.
   *
   * @param size elements that it must have
   * @throws IllegalArgumentException if the weight has not one axis of that size
   */
  WeightSlice vector(String tensor, int size);

  /** Whether a block can be: what every source asks first. */
  static boolean isRange(int from, int to) {
    return 0 <= from && from <= to;
  }
}
