package dev.helix.tensor.exact;

import java.util.Arrays;

/**
 * Adds products of one factor with many values to {@link ExactSums}, fast and without any error.
 *
 * <p>A bin is a double that is kept near 1.5·2⁵² units. So an addition rounds to whole units, and
 * subtracting finds what it rounded away (pre-rounding: Demmel and Nguyen, ARITH 2013; their
 * indexed type rounds off what is below its last bin). Four bins of 40 bits stand below each other.
 * An FMA splits a product into h + l without error. h passes through the bins from the first to the
 * third, and l from the second on, because it is at most 2⁻⁵³ of h. What is left at the last bin is
 * added to it whole.
 *
 * <p>The caller's {@link ValueRange} says beforehand whether 160 bits hold every product of a row
 * exactly. In that case 120 bits hold every h, because the last bit of h is 2⁵² times that of the
 * product. For the few rows where 160 bits are not enough, digits are added one by one, ten times
 * as slowly. Every path gives the same exact sum, so the choice shows in no bit.
 *
 * <p>The loop over the values has neither branch nor reduction, and the compiler turns it into
 * vector instructions. A bin has 2⁵¹ units of room and a term takes at most 2⁴⁰ + 2²⁷ units, so
 * that 2047 terms fit between two emptyings into the digits.
 *
 * <p>Not for use by several threads.
 */
public final class ProductBins {
  private static final int BIN_BITS = ExactSums.DIGIT_BITS;
  private static final int BINS = 4;
  private static final int MAX_TERMS = 1024;

  /**
   * How many different exponents (in steps of 40 bits) terms may have at once before bins are given
   * up.
   */
  private static final int MAX_SETS = 4;

  private static final double MIDDLE_0 = 0x1.8p52;
  private static final double MIDDLE_1 = 0x1.8p12;
  private static final double MIDDLE_2 = 0x1.8p-28;
  private static final double MIDDLE_3 = 0x1.8p-68;

  /**
   * Between minus this exponent and this one, no step of a value or scale overflows, and no last
   * bit is lost.
   */
  private static final int SAFE_EXPONENT = 500;

  private final ExactSums sums;
  private final Bins[] sets = new Bins[MAX_SETS];
  private int count;

  /**
   * Creates bins in front of sums.
   *
   * @param sums receive the products; they are not complete before {@link #flush}
   */
  public ProductBins(ExactSums sums) {
    this.sums = sums;
  }

  /**
   * Adds factor·2^exponent·values[i] to the sum at i, for all i.
   *
   * @param values one for each sum
   * @param range the range of the values
   * @throws ExactRangeException if the factor is not finite
   */
  public void add(double factor, int exponent, double[] values, ValueRange range) {
    if (!Double.isFinite(factor)) {
      throw new ExactRangeException("a factor is " + factor + ", expected a finite number");
    }
    if (factor == 0 || range.isZero()) {
      return;
    }
    int factorExponent = Math.getExponent(factor);
    // Every product is below 2^top and a multiple of 2^bottom.
    int top = factorExponent + 1 + range.top() + exponent;
    int bottom = factorExponent - 52 + range.bottom() + exponent;
    int place = Math.floorDiv(top - 1, BIN_BITS);
    int scale = exponent - place * BIN_BITS;
    boolean fits =
        bottom >= (place - BINS + 1) * BIN_BITS
            && Math.abs(factorExponent) <= SAFE_EXPONENT
            && Math.abs(range.top()) <= SAFE_EXPONENT
            && Math.abs(scale) <= 2 * SAFE_EXPONENT;
    if (fits) {
      set(place).add(factor * powerOfTwo(scale), values);
    } else {
      sums.addProducts(factor, values, exponent);
    }
  }

  /** Empties all bins into the sums, which are complete until the next product is added. */
  public void flush() {
    for (int i = 0; i < count; i++) {
      sets[i].empty();
    }
  }

  /**
   * The bins whose first one holds products below 2^(40·(place+1)), with room for one more term.
   */
  private Bins set(int place) {
    for (int i = 0; i < count; i++) {
      if (sets[i].place == place) {
        Bins found = sets[i];
        // The next term most often has the same exponents, so this set is kept in front.
        sets[i] = sets[0];
        sets[0] = found;
        return found;
      }
    }
    if (count < MAX_SETS) {
      sets[count] = new Bins();
      count++;
    } else {
      sets[count - 1].empty();
    }
    Bins fresh = sets[count - 1];
    fresh.place = place;
    sets[count - 1] = sets[0];
    sets[0] = fresh;
    return fresh;
  }

  private static double powerOfTwo(int exponent) {
    return Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << 52);
  }

  private final class Bins {
    private final double[] first = new double[sums.size()];
    private final double[] second = new double[sums.size()];
    private final double[] third = new double[sums.size()];
    private final double[] fourth = new double[sums.size()];
    private int place;
    private int terms;

    Bins() {
      refill();
    }

    void add(double factor, double[] values) {
      if (terms == MAX_TERMS) {
        empty();
      }
      terms++;
      deposit(factor, values, first, second, third, fourth);
    }

    /** Moves the contents of the bins, which are whole units, to the digits of the same places. */
    void empty() {
      if (terms == 0) {
        return;
      }
      sums.prepare();
      move(first, MIDDLE_0, 1.0, place);
      move(second, MIDDLE_1, 0x1p40, place - 1);
      move(third, MIDDLE_2, 0x1p80, place - 2);
      move(fourth, MIDDLE_3, 0x1p120, place - 3);
      refill();
    }

    private void move(double[] bin, double middle, double units, int to) {
      long[] digits = sums.at(to);
      for (int i = 0; i < bin.length; i++) {
        digits[i] += (long) ((bin[i] - middle) * units);
      }
    }

    private void refill() {
      Arrays.fill(first, MIDDLE_0);
      Arrays.fill(second, MIDDLE_1);
      Arrays.fill(third, MIDDLE_2);
      Arrays.fill(fourth, MIDDLE_3);
      terms = 0;
    }
  }

  /**
   * Adds one product to the bins.
   *
   * <p>Hazard: the loop must not have one operation more. The compiler of JDK 17 gives up on
   * vectors if h is also carried to the last bin, and is then three times as slow.
   *
   * <p>Hazard: the order and grouping of these operations make them exact. Each {@code bin + h}
   * rounds to a unit of the bin, the difference to the old bin is what the bin took, and {@code h}
   * less that is exact.
   */
  private static void deposit(
      double factor, double[] values, double[] bin0, double[] bin1, double[] bin2, double[] bin3) {
    for (int i = 0; i < values.length; i++) {
      double h = factor * values[i];
      double l = Math.fma(factor, values[i], -h);

      double old = bin0[i];
      double now = old + h;
      bin0[i] = now;
      h -= now - old;

      old = bin1[i];
      now = old + h;
      h -= now - old;
      double then = now + l;
      bin1[i] = then;
      l -= then - now;

      old = bin2[i];
      now = old + h;
      then = now + l;
      bin2[i] = then;
      l -= then - now;

      bin3[i] += l;
    }
  }
}
