package dev.helix.runtime.strategy;

/** What each rank has to do in one step, in sizes alone. */
public interface StepSizes {
  /** A value that is equal for ranks whose launches all have the same sizes. */
  Object of(int rank);

  /** Elements in the KV caches of a rank after the step, all layers together. */
  long kvElements(int rank);
}
