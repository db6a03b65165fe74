package dev.helix.runtime.sharded;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one rank has dumped of one step of one layer.
 *
 * @param rank its index in the KVP group
 * @param tensors its small tensors, row-major in the axes that {@link StepTensor} states
 * @param cache its keys and values
 */
public record RankStep(int rank, Map<StepTensor, double[]> tensors, Optional<RankCache> cache) {
  public RankStep {
    Map<StepTensor, double[]> copy = new EnumMap<>(StepTensor.class);
    copy.putAll(tensors);
    tensors = copy;
  }

  /** Whether the rank has dumped a tensor. */
  public boolean has(StepTensor tensor) {
    return tensors.containsKey(tensor);
  }

  /**
   * A tensor's numbers, which must not be changed.
   *
   * @throws IllegalStateException if the rank has not dumped it
   */
  public double[] get(StepTensor tensor) {
    double[] numbers = tensors.get(tensor);
    if (numbers == null) {
      throw new IllegalStateException("rank " + rank + " has no " + tensor);
    }
    return numbers;
  }

  /** The same rank with other numbers of a tensor. */
  public RankStep with(StepTensor tensor, double[] numbers) {
    Map<StepTensor, double[]> changed = new EnumMap<>(tensors);
    changed.put(tensor, numbers);
    return new RankStep(rank, changed, cache);
  }

  /** The same rank with another cache. */
  public RankStep with(RankCache other) {
    return new RankStep(rank, tensors, Optional.of(other));
  }
}
