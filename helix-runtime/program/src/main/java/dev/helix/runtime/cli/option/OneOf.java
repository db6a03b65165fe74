package dev.helix.runtime.cli.option;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the value of an option that is one of several words. The words are those that reports use,
 * which {@code toString} gives. picocli makes a converter from its class, so each list of values is
 * a subclass.
 *
 * @param <T> the type of the option
 */
public abstract class OneOf<T> implements ITypeConverter<T> {
  private final List<T> values;
  private final Map<String, T> otherWords;

  /**
   * Creates a converter.
   *
   * @param values the values that can be given
   */
  protected OneOf(List<T> values) {
    this(values, Map.of());
  }

  /**
   * Creates a converter that takes further words.
   *
   * @param values the values that can be given
   * @param otherWords words that are taken for a value but never printed
   */
  protected OneOf(List<T> values, Map<String, T> otherWords) {
    this.values = List.copyOf(values);
    this.otherWords = Map.copyOf(otherWords);
  }

  @Override
  public final T convert(String word) {
    return values.stream()
        .filter(value -> value.toString().equals(word))
        .findFirst()
        .or(() -> Optional.ofNullable(otherWords.get(word)))
        .orElseThrow(
            () ->
                new TypeConversionException("expected one of " + values + ", got '" + word + "'"));
  }
}
