package dev.helix.runtime.cli.option.number;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a whole number. One that its type cannot hold is refused without the limits of the type,
 * since those of the option are narrower; the message about the option says them where its
 * description does.
 *
 * @param <T> the type that holds it
 */
public final class WholeNumber<T extends Number> implements ITypeConverter<T> {
  /** What is expected of a number that is too large for its type. */
  public static final String SMALLER = "a smaller number";

  /** What is expected of a number that is too far below zero for its type. */
  public static final String GREATER = "a greater number";

  private final Function<String, T> parse;

  private WholeNumber(Function<String, T> parse) {
    this.parse = parse;
  }

  /** Reads numbers that fit into an {@code int}. */
  public static WholeNumber<Integer> ofInt() {
    return new WholeNumber<>(Integer::valueOf);
  }

  /** Reads numbers that fit into a {@code long}. */
  public static WholeNumber<Long> ofLong() {
    return new WholeNumber<>(Long::valueOf);
  }

  @Override
  public T convert(String value) {
    try {
      return parse.apply(value);
    } catch (NumberFormatException e) {
      String expected = "a whole number";
      if (value.matches("[+-]?\\d+")) {
        expected = value.startsWith("-") ? GREATER : SMALLER;
      }
      throw new TypeConversionException("expected %s, got '%s'".formatted(expected, value));
    }
  }
}
