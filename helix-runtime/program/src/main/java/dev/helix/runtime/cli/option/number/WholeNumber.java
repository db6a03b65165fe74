package dev.helix.runtime.cli.option.number;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a whole number.
 *
 * @param <T> the type that holds it
 */
public final class WholeNumber<T extends Number> implements ITypeConverter<T> {
  private final Function<String, T> parse;
  private final T least;
  private final T most;

  private WholeNumber(Function<String, T> parse, T least, T most) {
    this.parse = parse;
    this.least = least;
    this.most = most;
  }

  /** Reads numbers that fit into an {@code int}. */
  public static WholeNumber<Integer> ofInt() {
    return new WholeNumber<>(Integer::valueOf, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** Reads numbers that fit into a {@code long}. */
  public static WholeNumber<Long> ofLong() {
    return new WholeNumber<>(Long::valueOf, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Override
  public T convert(String value) {
    try {
      return parse.apply(value);
    } catch (NumberFormatException e) {
      boolean digits = value.matches("[+-]?\\d+");
      String range = digits ? " from %s to %s".formatted(least, most) : "";
      throw new TypeConversionException(
          "expected a whole number%s, got '%s'".formatted(range, value));
    }
  }
}
