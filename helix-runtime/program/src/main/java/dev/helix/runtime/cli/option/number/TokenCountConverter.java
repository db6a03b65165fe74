package dev.helix.runtime.cli.option.number;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads numbers of tokens: {@code 131072}, {@code 128k}, {@code 1M}. A million tokens are 10⁶, as
 * in the figures of Helix Parallelism. {@code Ki} and {@code Mi} count in powers of two. Units may
 * be upper or lower case.
 */
public final class TokenCountConverter implements ITypeConverter<Integer> {
  private static final Pattern COUNT = Pattern.compile("(\\d+(?:\\.\\d{1,9})?)([kKmM]i?)?");
  private static final int MOST = 1 << 30;
  private static final Map<String, Integer> UNITS =
      Map.of("k", 1000, "m", 1_000_000, "ki", 1 << 10, "mi", 1 << 20);

  @Override
  public Integer convert(String value) {
    Matcher count = COUNT.matcher(value);
    if (!count.matches()) {
      throw new TypeConversionException(
          "expected a number of tokens such as 131072, 128k, 128Ki or 1M, got '" + value + "'");
    }
    int unit = count.group(2) == null ? 1 : UNITS.get(count.group(2).toLowerCase(Locale.ROOT));
    BigDecimal tokens = new BigDecimal(count.group(1)).multiply(BigDecimal.valueOf(unit));
    boolean whole = tokens.remainder(BigDecimal.ONE).signum() == 0;
    if (!whole || tokens.signum() == 0 || tokens.compareTo(BigDecimal.valueOf(MOST)) > 0) {
      throw new TypeConversionException(
          "expected a whole number of 1 to %d tokens, got '%s'".formatted(MOST, value));
    }
    return tokens.intValueExact();
  }
}
