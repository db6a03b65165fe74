package dev.helix.tensor.io;

import dev.helix.tensor.formats.FloatFormat;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The numbers of all codes of the narrow formats. A checkpoint is read once for each layout that is
 * tried, and decoding code by code took a quarter of that command's time.
 */
final class CodeTables {
  private static final Map<FloatFormat, double[]> NUMBERS = new EnumMap<>(FloatFormat.class);

  static {
    for (FloatFormat format : FloatFormat.values()) {
      if (format.bits() <= Short.SIZE) {
        double[] numbers = new double[1 << format.bits()];
        Arrays.setAll(numbers, format::decode);
        NUMBERS.put(format, numbers);
      }
    }
  }

  private CodeTables() {}

  /** The numbers of a format of at most 16 bits, by code; not to be changed. */
  static double[] of(FloatFormat format) {
    return NUMBERS.get(format);
  }
}
