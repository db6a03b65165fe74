package dev.helix.runtime.strategy;

/** The sizes of what each rank has to do in one step. */
public interface StepSizes {
  /** A value that is equal for ranks whose launches all have the same sizes. */
  Object of(int rank);

  /** Number of elements in the KV caches of a rank after the step, all layers together. */
  long kvElements(int rank);
}
