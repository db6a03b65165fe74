package dev.helix.tensor.exact;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Exact sums of floating-point numbers, side by side: one accumulator for each element of a vector.
 * They hold the mathematical sum of what was added, in whatever order and grouping. {@link #round}
 * rounds it once, to the nearest double; of two equally near, to the one whose last bit is 0.
 *
 * <p>Each sum is a fixed-point number in radix 2⁴⁰, a small superaccumulator (Neal, arXiv
 * 1505.05571). Its digits stand at absolute places: the digit at place p counts multiples of
 * 2^(40·p). So two accumulators add digit by digit, with no exponent to agree on, and zero is the
 * identity. Digits are kept in longs and carried only from time to time. A place is stored for the
 * whole vector, once a sum has touched it.
 *
 * <p>Memory is 8 bytes for each sum and each place touched. A product of doubles touches at most 5
 * places, and weighted values of one exponent range about 6. The supported range reaches {@value
 * #MAX_PLACE}·2 places. Memory never grows with the number of terms.
 *
 * <p>Not for use by several threads. Adding term by term is slow: {@link ProductBins} is ten times
 * as fast.
 */
public final class ExactSums {
  /** Bits of one digit. */
  static final int DIGIT_BITS = 40;

  /** Places reach from minus this number to this number, for exponents within ±2^20. */
  static final int MAX_PLACE = (1 << 20) / DIGIT_BITS;

  private static final int DIGIT_BYTES = DIGIT_BITS / Byte.SIZE;
  private static final long DIGIT_MASK = (1L << DIGIT_BITS) - 1;
  private static final long HALF_DIGIT = 1L << (DIGIT_BITS - 1);

  /**
   * How many additions of at most 2⁵¹ a digit takes before it must be carried: they sum to at most
   * 2⁶¹.
   */
  private static final int MAX_PENDING = 1 << 10;

  private final int size;
  private int lowest;
  private long[][] digits = new long[0][];
  private int pending;

  /**
   * Creates sums that are all 0.
   *
   * @param size number of sums
   */
  public ExactSums(int size) {
    this.size = size;
  }

  public int size() {
    return size;
  }

  /** Adds x·2^exponent to the sum at {@code index}. */
  public void add(int index, double x, int exponent) {
    if (x == 0) {
      return;
    }
    requireFinite(x);
    int scale = exponentOfUnit(x) + exponent;
    int place = Math.floorDiv(scale, DIGIT_BITS);
    int shift = scale - place * DIGIT_BITS;
    long magnitude = significand(x);
    long rest = magnitude >>> (DIGIT_BITS - shift);
    prepare();
    addDigit(index, place, (magnitude << shift) & DIGIT_MASK, x < 0);
    addDigit(index, place + 1, rest & DIGIT_MASK, x < 0);
    addDigit(index, place + 2, rest >>> DIGIT_BITS, x < 0);
  }

  /** Adds x·values[i]·2^exponent to the sum at i, for all i. All 106 bits of each product count. */
  public void addProducts(double x, double[] values, int exponent) {
    requireFinite(x);
    prepare();
    for (int i = 0; i < size; i++) {
      requireFinite(values[i]);
      if (x != 0 && values[i] != 0) {
        addProduct(i, x, values[i], exponent);
      }
    }
  }

  private void addProduct(int index, double x, double y, int exponent) {
    int scale = exponentOfUnit(x) + exponentOfUnit(y) + exponent;
    int place = Math.floorDiv(scale, DIGIT_BITS);
    int shift = scale - place * DIGIT_BITS;
    long low = significand(x) * significand(y);
    long high = Math.multiplyHigh(significand(x), significand(y));
    int dropped = DIGIT_BITS - shift;
    long restLow = (low >>> dropped) | (high << (Long.SIZE - dropped));
    long restHigh = high >>> dropped;
    boolean negative = (x < 0) != (y < 0);
    addDigit(index, place, (low << shift) & DIGIT_MASK, negative);
    addDigit(index, place + 1, restLow & DIGIT_MASK, negative);
    long middle = ((restLow >>> DIGIT_BITS) | (restHigh << (Long.SIZE - DIGIT_BITS))) & DIGIT_MASK;
    addDigit(index, place + 2, middle, negative);
    addDigit(index, place + 3, restHigh >>> (2 * DIGIT_BITS - Long.SIZE), negative);
  }

  /**
   * Adds each sum of {@code other} to the one at the same index. This is the merge of two states.
   */
  public void add(ExactSums other) {
    if (other.size != size) {
      throw new IllegalArgumentException(
          "expected accumulators of %d sums, got %d".formatted(size, other.size));
    }
    if (pending + other.pending + 1 > MAX_PENDING) {
      carry();
      other.carry();
    }
    pending += other.pending + 1;
    for (int i = 0; i < other.digits.length; i++) {
      long[] from = other.digits[i];
      if (from != null) {
        long[] to = at(other.lowest + i);
        for (int k = 0; k < size; k++) {
          to[k] += from[k];
        }
      }
    }
  }

  /**
   * The sum at {@code index}, rounded once. A sum that is exactly zero gives +0.0, even if all
   * terms were −0.0. A sum that is not zero but rounds to zero keeps its sign.
   *
   * @throws ExactRangeException if the sum rounds to no finite double
   */
  public double round(int index) {
    carry();
    return ExactRounding.nearest(this, index, 0);
  }

  /**
   * The sum at {@code index} divided by 2^exponent, rounded once.
   *
   * @throws ExactRangeException if the result rounds to no finite double
   */
  public double round(int index, int exponent) {
    carry();
    return ExactRounding.nearest(this, index, exponent);
  }

  /**
   * The greatest k with 2^k ≤ |sum|, exactly.
   *
   * @throws IllegalArgumentException if the sum is 0
   */
  public int exponent(int index) {
    BigInteger magnitude = significand(index).abs();
    if (magnitude.signum() == 0) {
      throw new IllegalArgumentException("a sum is 0 and has no exponent");
    }
    return magnitude.bitLength() - 1 + lowest * DIGIT_BITS;
  }

  /** All sums, each rounded once. */
  public double[] round() {
    double[] rounded = new double[size];
    for (int i = 0; i < size; i++) {
      rounded[i] = round(i);
    }
    return rounded;
  }

  /**
   * The quotient of this object's sum at {@code index} and the divisor's sum at {@code
   * divisorIndex}, rounded once.
   *
   * @throws ExactRangeException if the quotient rounds to no finite double
   * @throws IllegalArgumentException if the divisor is not positive
   */
  public double roundQuotient(int index, ExactSums divisor, int divisorIndex) {
    carry();
    divisor.carry();
    return ExactRounding.quotient(this, index, divisor, divisorIndex);
  }

  /** Whether the sum at {@code index} is exactly 0. */
  public boolean isZero(int index) {
    carry();
    for (long[] row : digits) {
      if (row != null && row[index] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The lowest place whose {@link #digit digits} may differ from 0. */
  int lowestPlace() {
    return lowest;
  }

  /** One more than the highest place whose digits may differ from 0. */
  int endPlace() {
    return lowest + digits.length;
  }

  /** The digit of one sum at a place; it lies in [−2³⁹, 2³⁹) when digits have been carried. */
  long digit(int place, int index) {
    int i = place - lowest;
    return i < 0 || i >= digits.length || digits[i] == null ? 0 : digits[i][index];
  }

  /** The digits of all sums at a place, for reading only; null if they are all 0. */
  long[] digitsOrNull(int place) {
    return digits[place - lowest];
  }

  /** The sum at {@code index} in units of 2^(40·lowestPlace). */
  BigInteger significand(int index) {
    // The bytes are two's complement, big-endian, behind a byte of sign: digits borrow from the
    // next.
    byte[] bytes = new byte[digits.length * DIGIT_BYTES + 1 + Long.BYTES];
    long carry = 0;
    int end = bytes.length;
    for (long[] row : digits) {
      long digit = (row == null ? 0 : row[index]) + carry;
      for (int i = 0; i < DIGIT_BYTES; i++) {
        bytes[--end] = (byte) (digit >> (Byte.SIZE * i));
      }
      carry = digit >> DIGIT_BITS;
    }
    while (end > 0) {
      bytes[--end] = (byte) carry;
      carry >>= Byte.SIZE;
    }
    return new BigInteger(bytes);
  }

  /**
   * The digits of all sums at a place. The caller adds at most 2⁵¹ to each of them after one call
   * of {@link #prepare}.
   */
  long[] at(int place) {
    if (digits.length == 0) {
      requireInRange(place);
      lowest = place;
      digits = new long[1][];
    } else if (place < lowest || place >= endPlace()) {
      grow(place);
    }
    int i = place - lowest;
    if (digits[i] == null) {
      digits[i] = new long[size];
    }
    return digits[i];
  }

  /** Makes room for one more addition of at most 2⁵¹ to every digit. */
  void prepare() {
    if (pending == MAX_PENDING) {
      carry();
    }
    pending++;
  }

  /**
   * Brings all digits into [−2³⁹, 2³⁹), where each number has one representation. A new place is
   * stored only if a carry leaves the highest one.
   */
  void carry() {
    if (pending == 0) {
      return;
    }
    for (int place = lowest; place < endPlace(); place++) {
      long[] from = digits[place - lowest];
      if (from == null) {
        continue;
      }
      for (int k = 0; k < size; k++) {
        long carry = (from[k] + HALF_DIGIT) >> DIGIT_BITS;
        if (carry != 0) {
          from[k] -= carry << DIGIT_BITS;
          at(place + 1)[k] += carry;
        }
      }
    }
    pending = 0;
  }

  private void addDigit(int index, int place, long magnitude, boolean negative) {
    if (magnitude != 0) {
      at(place)[index] += negative ? -magnitude : magnitude;
    }
  }

  private static void requireInRange(int place) {
    if (Math.abs(place) > MAX_PLACE) {
      throw new ExactRangeException(
          "a term of about 2^%d is beyond the exact accumulators' range of 2^±%d"
              .formatted((long) place * DIGIT_BITS, MAX_PLACE * DIGIT_BITS));
    }
  }

  private void grow(int place) {
    requireInRange(place);
    int from = Math.min(place, lowest);
    int to = Math.max(place + 1, endPlace());
    long[][] grown = new long[to - from][];
    System.arraycopy(digits, 0, grown, lowest - from, digits.length);
    lowest = from;
    digits = grown;
  }

  /** The magnitude |x| as an integer, in units of 2^{@link #exponentOfUnit}. */
  static long significand(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long fraction = bits & ((1L << 52) - 1);
    return Math.abs(x) < Double.MIN_NORMAL ? fraction : fraction | 1L << 52;
  }

  /** The exponent of the last bit of {@link #significand}: the unit that it counts. */
  static int exponentOfUnit(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }

  private static void requireFinite(double x) {
    if (!Double.isFinite(x)) {
      throw new ExactRangeException(
          "a term of an exact sum is " + x + ", expected a finite number");
    }
  }

  /** Whether both objects hold equal sums, whatever terms were added to get them. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ExactSums sums) || sums.size != size) {
      return false;
    }
    carry();
    sums.carry();
    int from = Math.min(lowest, sums.lowest);
    int to = Math.max(endPlace(), sums.endPlace());
    for (int place = from; place < to; place++) {
      for (int k = 0; k < size; k++) {
        if (digit(place, k) != sums.digit(place, k)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    carry();
    int hash = size;
    for (long[] row : digits) {
      // Places that hold only zeros must not count, as another order of terms may never touch them.
      if (row != null && Arrays.stream(row).anyMatch(digit -> digit != 0)) {
        hash = 31 * hash + Arrays.hashCode(row);
      }
    }
    return hash;
  }
}
