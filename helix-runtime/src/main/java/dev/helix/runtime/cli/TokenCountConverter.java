package dev.helix.runtime.cli;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers of tokens: {@code 131072}, {@code 128k}, {@code 1M}. A million tokens are 10⁶, as in the
 * figures of Helix Parallelism; {@code Ki} and {@code Mi} count in powers of two.
 */
final class TokenCountConverter implements ITypeConverter<Integer> {
  private static final Pattern COUNT = Pattern.compile("(\\d{1,10}(?:\\.\\d{1,9})?)(k|M|Ki|Mi)?");
  private static final Map<String, Integer> UNITS =
      Map.of("k", 1000, "M", 1_000_000, "Ki", 1 << 10, "Mi", 1 << 20);

  @Override
  public Integer convert(String value) {
    Matcher count = COUNT.matcher(value);
    if (!count.matches()) {
      throw new TypeConversionException(
          "expected a number of tokens such as 131072, 128k, 128Ki or 1M, got '" + value + "'");
    }
    int unit = count.group(2) == null ? 1 : UNITS.get(count.group(2));
    BigDecimal tokens = new BigDecimal(count.group(1)).multiply(BigDecimal.valueOf(unit));
    try {
      return tokens.intValueExact();
    } catch (ArithmeticException e) {
      TypeConversionException refused =
          new TypeConversionException(
              "expected a whole number of at most 2147483647 tokens, got '" + value + "'");
      refused.initCause(e);
      throw refused;
    }
  }
}
