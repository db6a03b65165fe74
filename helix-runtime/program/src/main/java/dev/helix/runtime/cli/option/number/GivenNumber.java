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
          least == most
              ? "%s: expected %d, got %d".formatted(option, least, given)
              : "%s: expected %d to %d, got %d".formatted(option, least, most, given));
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

  /**
   * Refuses a number that is not positive, or not finite.
   *
   * @param what the number that is expected, as {@code "a positive number of ms"}
   * @throws InvalidInputException naming the option
   */
  public static void requirePositive(String option, double given, String what) {
    if (!(given > 0) || Double.isInfinite(given)) {
      throw new InvalidInputException(
          "%s: expected %s, got %s".formatted(option, what, written(given)));
    }
  }

  /** A number without the point that Java adds to a whole one. */
  private static String written(double number) {
    String text = Double.toString(number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
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
