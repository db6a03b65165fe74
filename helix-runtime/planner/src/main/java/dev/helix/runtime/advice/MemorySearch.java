package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the most requests for which some layout has the memory.
 *
 * @param gpus the most GPUs of an instance
 */
record MemorySearch(Deployment deployment, int gpus) {
  /** How many numbers of requests are tried at once; each plan is traced once for all of them. */
  private static final int AT_ONCE = 64;

  /**
   * The most requests, between two numbers.
   *
   * @param enough a number for which there is memory
   * @param tooMany a larger number for which there is none
   * @return a number for which there is memory, while there is none for one request more
   */
  int most(int enough, int tooMany) {
    int fits = enough;
    int fails = tooMany;
    while (fails - fits > 1) {
      List<Integer> between = between(fits, fails);
      int most = Math.max(fits, most(between));
      int above = fails;
      fails = between.stream().filter(batch -> batch > most).findFirst().orElse(above);
      fits = most;
    }
    return fits;
  }

  /** The most of some numbers of requests for which there is memory; 0 if it is none of them. */
  int most(List<Integer> batches) {
    return Sweep.of(deployment, space(batches), (done, all) -> {}).points().stream()
        .mapToInt(point -> point.configuration().batch())
        .max()
        .orElse(0);
  }

  /**
   * All numbers between two others, or multiples of a power of two, which groups and micro-batches
   * are likely to divide.
   */
  private static List<Integer> between(int fits, int fails) {
    int step = 1;
    while ((fails - fits) / step > AT_ONCE) {
      step *= 2;
    }
    int multiple = step;
    return IntStream.range(fits + 1, fails).filter(n -> n % multiple == 0).boxed().toList();
  }

  private SearchSpace space(List<Integer> batches) {
    return new SearchSpace(gpus, List.of(StrategyKind.values()), batches, SearchSpace.Pieces.NONE);
  }
}
