package dev.helix.tensor.exact;

import java.util.Arrays;

/**
 * Adds products of one factor with values of few bits to {@link ExactSums}, without any error and
 * twice as fast as {@link ProductBins}. Such values are weights that are stored in 11 or fewer
 * bits: a column of a trained model spreads them over 16 to 28 bits.
 *
 * <p>The factor is cut at absolute places of 20 bits into at most four integers below 2²⁰ (Ozaki,
 * Ogita, Oishi and Rump, Numer. Algorithms 2012, cut both operands; here one is short enough). The
 * product of two such integers is below 2^(20 + bits), so that doubles add many of them without
 * rounding. A budget of 2⁵⁰ says when the accumulators are emptied into the digits. Unlike
 * pre-rounded bins, this method never has to subtract to find what was lost: it takes one FMA for
 * each slice.
 *
 * <p>Not for use by several threads.
 */
final class SlicedProducts {
  private static final int SLICE_BITS = 20;
  private static final int SLICES = 4;
  private static final long SLICE_MASK = (1L << SLICE_BITS) - 1;

  /** What an accumulator may hold, so that emptying it adds at most 2⁵¹ to a digit. */
  private static final double BUDGET = 0x1p50;

  /** Values of more bits would leave room for too few terms. */
  private static final int MAX_BITS = 28;

  /** Between minus this exponent and this one, scaling a slice by a power of two is exact. */
  private static final int SAFE_EXPONENT = 900;

  private final ExactSums sums;
  private int lowest;
  private double[][] accumulators = new double[0][];

  /**
   * For each place of a last slice, a term that waits for a second one: two terms together read and
   * write an accumulator once.
   */
  private Term[] waiting = new Term[0];

  private double held;

  /**
   * Creates accumulators in front of sums.
   *
   * @param sums receive the products; they are not complete before {@link #flush}
   */
  SlicedProducts(ExactSums sums) {
    this.sums = sums;
  }

  /** Whether {@link #add} takes values of this range. */
  static boolean fits(IntegerRange range) {
    return range.bits() <= MAX_BITS && Math.abs(range.unit()) <= SAFE_EXPONENT;
  }

  /**
   * Adds factor·values[i] to the sum at i, for all i.
   *
   * @param values one for each sum
   * @param range the range of the values, which {@link #fits}
   * @throws ExactRangeException if the factor is not finite
   */
  void add(double factor, double[] values, IntegerRange range) {
    if (!Double.isFinite(factor)) {
      throw new ExactRangeException("a factor is " + factor + ", expected a finite number");
    }
    if (factor == 0 || range.bits() == 0) {
      return;
    }
    double largest = Double.longBitsToDouble((long) (SLICE_BITS + range.bits() + 1023) << 52);
    if (held + largest > BUDGET) {
      flush();
    }
    held += largest;
    long significand = ExactSums.significand(factor);
    int scale = ExactSums.exponentOfUnit(factor) + range.unit();
    int place = Math.floorDiv(scale, SLICE_BITS);
    int shift = scale - place * SLICE_BITS;
    reserve(place);
    // Values are integers times 2^unit: the slices take that out again.
    double unit = Double.longBitsToDouble((long) (1023 - range.unit()) << 52);
    double sign = factor < 0 ? -unit : unit;
    long rest = significand >>> (SLICE_BITS - shift);
    double[] slices = new double[SLICES];
    slices[0] = sign * ((significand << shift) & SLICE_MASK);
    slices[1] = sign * (rest & SLICE_MASK);
    slices[2] = sign * ((rest >>> SLICE_BITS) & SLICE_MASK);
    slices[3] = sign * (rest >>> (2 * SLICE_BITS));
    Term first = waiting[place - lowest];
    if (first == null) {
      waiting[place - lowest] = new Term(values, slices);
      return;
    }
    waiting[place - lowest] = null;
    for (int i = 0; i < SLICES; i++) {
      deposit(first.values, first.slices[i], values, slices[i], accumulators[place - lowest + i]);
    }
  }

  /** Empties all accumulators into the sums, which are complete until the next product is added. */
  void flush() {
    for (int i = 0; i < accumulators.length; i++) {
      if (waiting[i] != null) {
        Term last = waiting[i];
        for (int k = 0; k < SLICES; k++) {
          deposit(last.values, last.slices[k], last.values, 0.0, accumulators[i + k]);
        }
        waiting[i] = null;
      }
    }
    for (int i = 0; i < accumulators.length; i++) {
      sums.prepare();
      empty(accumulators[i], (lowest + i) * SLICE_BITS);
    }
    held = 0;
  }

  private void empty(double[] accumulator, int exponent) {
    int place = Math.floorDiv(exponent, ExactSums.DIGIT_BITS);
    long[] digits = sums.at(place);
    if (exponent == place * ExactSums.DIGIT_BITS) {
      for (int i = 0; i < accumulator.length; i++) {
        digits[i] += (long) accumulator[i];
      }
    } else {
      for (int i = 0; i < accumulator.length; i++) {
        digits[i] += ((long) accumulator[i] & SLICE_MASK) << SLICE_BITS;
      }
      long[] upper = sums.at(place + 1);
      for (int i = 0; i < accumulator.length; i++) {
        upper[i] += (long) accumulator[i] >> SLICE_BITS;
      }
    }
    Arrays.fill(accumulator, 0.0);
  }

  /** Makes sure that there are accumulators for a factor whose last slice is at {@code place}. */
  private void reserve(int place) {
    int end = lowest + accumulators.length;
    if (accumulators.length > 0 && place >= lowest && place + SLICES <= end) {
      return;
    }
    int from = accumulators.length == 0 ? place : Math.min(place, lowest);
    int to = accumulators.length == 0 ? place + SLICES : Math.max(place + SLICES, end);
    double[][] grown = new double[to - from][];
    System.arraycopy(
        accumulators, 0, grown, accumulators.length == 0 ? 0 : lowest - from, accumulators.length);
    Term[] moved = new Term[to - from];
    System.arraycopy(
        waiting, 0, moved, accumulators.length == 0 ? 0 : lowest - from, waiting.length);
    for (int i = 0; i < grown.length; i++) {
      if (grown[i] == null) {
        grown[i] = new double[sums.size()];
      }
    }
    lowest = from;
    accumulators = grown;
    waiting = moved;
  }

  private static void deposit(
      double[] values, double slice, double[] others, double otherSlice, double[] accumulator) {
    for (int i = 0; i < accumulator.length; i++) {
      accumulator[i] = Math.fma(otherSlice, others[i], Math.fma(slice, values[i], accumulator[i]));
    }
  }

  /** A column and the slices of its factor, which wait for another term of the same place. */
  private static final class Term {
    final double[] values;
    final double[] slices;

    Term(double[] values, double[] slices) {
      this.values = values;
      this.slices = slices;
    }
  }
}
