package dev.helix.runtime.cli.option;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Takes the value of an option by the word that reports use too: what its {@code toString} gives.
 * picocli makes a converter from its class, so each list of values is a subclass.
 *
 * @param <T> the type of the option
 */
public abstract class OneOf<T> implements ITypeConverter<T> {
  private final List<T> values;

  /**
   * A converter.
   *
   * @param values those that can be given
   */
  protected OneOf(List<T> values) {
    this.values = List.copyOf(values);
  }

  @Override
  public final T convert(String word) {
    return values.stream()
        .filter(value -> value.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException("expected one of " + values + ", got '" + word + "'"));
  }
}
