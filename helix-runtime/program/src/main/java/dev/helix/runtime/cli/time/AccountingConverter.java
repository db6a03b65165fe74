package dev.helix.runtime.cli.time;

import dev.helix.runtime.timing.schedule.Accounting;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code --accounting} by the words that reports use too. */
final class AccountingConverter implements ITypeConverter<Accounting> {
  @Override
  public Accounting convert(String value) {
    return Arrays.stream(Accounting.values())
        .filter(accounting -> accounting.toString().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + Arrays.toString(Accounting.values())
                        + ", got '"
                        + value
                        + "'"));
  }
}
