package dev.helix.runtime.cli.option.number;

import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The limits of numbers that were given to options, and numbers that need not be given. */
public final class GivenNumber {
  private GivenNumber() {}

  /**
   * Refuses a number that is out of range.
   *
   * @throws InvalidInputException naming the option and the range
   */
  public static void requireWithin(String option, int given, int least, int most) {
    if (given < least || given > most) {
      throw new InvalidInputException(
          "%s: expected %d to %d, got %d".formatted(option, least, most, given));
    }
  }

  /**
   * Refuses an index of none of several things, which are counted from 0.
   *
   * @throws InvalidInputException naming the option and the range
   */
  public static void requireIndex(String option, int given, int count) {
    requireWithin(option, given, 0, count - 1);
  }

  /**
   * Refuses a number that is too small.
   *
   * @throws InvalidInputException naming the option and the least number
   */
  public static void requireAtLeast(String option, int given, int least) {
    if (given < least) {
      throw new InvalidInputException(
          "%s: expected at least %d, got %d".formatted(option, least, given));
    }
  }

  /** An option of picocli's as a number. */
  public static OptionalInt whole(Optional<Integer> given) {
    return given.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** An option of picocli's as a number. */
  public static OptionalDouble real(Optional<Double> given) {
    return given.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
