package dev.helix.laws;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says how the case of a violation came about: it is one of the cases of a seed, made simpler step
 * by step.
 *
 * @param number index of the case among those of the seed, from 0
 * @param steps index of the simpler case that was taken at each step, from 0
 */
public record Origin(int number, List<Integer> steps) {
  public Origin {
    steps = List.copyOf(steps);
  }

  /** The origin of the simpler case that is one step further. */
  public Origin then(int step) {
    return new Origin(number, Stream.concat(steps.stream(), Stream.of(step)).toList());
  }

  /**
   * Finds the case itself again.
   *
   * @param cases all cases of the seed
   * @throws IndexOutOfBoundsException if there is no such case, or no such simpler one
   */
  public <C> C find(SeamTrials<C> laws, List<C> cases) {
    C found = cases.get(number);
    for (int step : steps) {
      found = laws.simpler(found).get(step);
    }
    return found;
  }

  /** The number and then the steps, such as {@code 12, 0, 3}. */
  @Override
  public String toString() {
    return Stream.concat(Stream.of(number), steps.stream())
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
  }
}
