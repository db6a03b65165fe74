package dev.helix.runtime.chart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Chooses round values to name on an axis: 1, 2 or 5 times a power of ten. */
final class Ticks {
  private static final int MOST = 8;
  private static final int[] MANTISSAS = {1, 2, 5};

  /** Tenths of the mantissas within a decade of a logarithmic axis, from many to few. */
  private static final List<int[]> TENTHS =
      List.of(
          new int[] {10, 15, 20, 25, 30, 35, 40, 50, 60, 70, 80, 90},
          new int[] {10, 15, 20, 30, 50, 70},
          new int[] {10, 20, 50});

  private Ticks() {}

  /** Multiples of the smallest step of the form 1, 2 or 5 times a power of ten that gives few. */
  static List<Scale.Tick> linear(double low, double high) {
    BigDecimal first = BigDecimal.valueOf(low);
    BigDecimal last = BigDecimal.valueOf(high);
    int exponent = (int) Math.floor(StrictMath.log10((high - low) / MOST));
    for (int i = 0; ; i++) {
      BigDecimal step = power(exponent + i / 3).multiply(BigDecimal.valueOf(MANTISSAS[i % 3]));
      BigDecimal begin = first.divide(step, 0, RoundingMode.CEILING);
      BigDecimal end = last.divide(step, 0, RoundingMode.FLOOR);
      if (end.subtract(begin).compareTo(BigDecimal.valueOf(MOST)) < 0) {
        List<Scale.Tick> ticks = new ArrayList<>();
        for (BigDecimal n = begin; n.compareTo(end) <= 0; n = n.add(BigDecimal.ONE)) {
          ticks.add(tick(n.multiply(step)));
        }
        return ticks;
      }
    }
  }

  /**
   * Round multiples of each power of ten in the range, as many as are not too many, so that no
   * length of the axis is without a name; powers of ten alone, or each second, third and so on,
   * where even 1, 2 and 5 times would be too many. A range within a part of a decade is named as a
   * linear one.
   */
  static List<Scale.Tick> logarithmic(double low, double high) {
    int first = (int) Math.floor(StrictMath.log10(low));
    int last = (int) Math.ceil(StrictMath.log10(high));
    for (int[] tenths : TENTHS) {
      List<Scale.Tick> ticks = powers(low, high, first, last, 1, tenths);
      if (ticks.size() < 3) {
        return linear(low, high);
      }
      if (ticks.size() <= MOST + 2) {
        return ticks;
      }
    }
    int every = Math.max(1, (last - first + MOST - 1) / MOST);
    return powers(low, high, first, last, every, new int[] {10});
  }

  /** The low end and its doublings; each second, third and so on, where that would be too many. */
  static List<Scale.Tick> doublings(double low, double high) {
    double doublings = (StrictMath.log(high) - StrictMath.log(low)) / StrictMath.log(2);
    int every = 1 + (int) (doublings / MOST);
    List<Scale.Tick> ticks = new ArrayList<>();
    for (double value = low; value <= high; value = Math.scalb(value, every)) {
      ticks.add(tick(BigDecimal.valueOf(value)));
    }
    return ticks;
  }

  private static List<Scale.Tick> powers(
      double low, double high, int first, int last, int every, int[] tenths) {
    BigDecimal begin = BigDecimal.valueOf(low);
    BigDecimal end = BigDecimal.valueOf(high);
    List<Scale.Tick> ticks = new ArrayList<>();
    for (int exponent = first; exponent <= last; exponent += every) {
      for (int mantissa : tenths) {
        BigDecimal value = power(exponent - 1).multiply(BigDecimal.valueOf(mantissa));
        if (value.compareTo(begin) >= 0 && value.compareTo(end) <= 0) {
          ticks.add(tick(value));
        }
      }
    }
    return ticks;
  }

  private static BigDecimal power(int exponent) {
    return BigDecimal.ONE.scaleByPowerOfTen(exponent);
  }

  private static Scale.Tick tick(BigDecimal value) {
    return new Scale.Tick(value.doubleValue(), label(value));
  }

  /** Plain digits where they are few, else a power of ten. */
  static String label(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal stripped = value.stripTrailingZeros();
    int magnitude = stripped.precision() - stripped.scale() - 1;
    if (magnitude >= 6 || magnitude < -4) {
      BigDecimal mantissa = stripped.scaleByPowerOfTen(-magnitude);
      return mantissa.toPlainString() + "e" + magnitude;
    }
    return stripped.toPlainString();
  }
}
