package dev.helix.laws;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the case of a violation came about: it is a case of a seed, made simpler step by step.
 *
 * @param number of the case among those of the seed, from 0
 * @param steps which of the simpler cases was taken at each step, from 0
 */
public record Origin(int number, List<Integer> steps) {
  public Origin {
    steps = List.copyOf(steps);
  }

  /** One step further. */
  public Origin then(int step) {
    return new Origin(number, Stream.concat(steps.stream(), Stream.of(step)).toList());
  }

  /**
   * The case itself.
   *
   * @param cases of the seed
   * @throws IndexOutOfBoundsException if there is no such case, or no such simpler one
   */
  public <C> C find(SeamTrials<C> laws, List<C> cases) {
    C found = cases.get(number);
    for (int step : steps) {
      found = laws.simpler(found).get(step);
    }
    return found;
  }

  /** {@code 12, 0, 3}: the number, then the steps. */
  @Override
  public String toString() {
    return Stream.concat(Stream.of(number), steps.stream())
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
  }
}
