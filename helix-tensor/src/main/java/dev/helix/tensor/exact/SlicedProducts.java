package dev.helix.tensor.exact;

import java.util.Arrays;

/**
 * Adds products of one factor with values of few bits to {@link ExactSums}, twice as fast as {@link
 * ProductBins} and without any error: weights that are stored in 8, 11 or fewer bits, which a
 * column of a trained model spreads over 16 to 28.
 *
 * <p>The factor is cut at absolute places of 20 bits into at most four integers below 2²⁰ (Ozaki,
 * Ogita, Oishi and Rump, Numer. Algorithms 2012, slice both operands; here one is short enough).
 * Integer times integer is below 2^(20 + bits), so that doubles add many of them without rounding;
 * a budget of 2⁵⁰ says when they are emptied into the digits. Nothing has to be found again by
 * subtraction, as in pre-rounded bins: an FMA for each slice is all there is.
 *
 * <p>Not for use by several threads.
 */
final class SlicedProducts {
  private static final int SLICE_BITS = 20;
  private static final int SLICES = 4;
  private static final long SLICE_MASK = (1L << SLICE_BITS) - 1;

  /** What a slot may hold, so that an emptying adds at most 2⁵¹ to a digit. */
  private static final double BUDGET = 0x1p50;

  /** Values of more bits would leave room for too few terms. */
  private static final int MAX_BITS = 28;

  /** Exponents within which the scaling of a slice by a power of two is exact. */
  private static final int SAFE_EXPONENT = 900;

  private final ExactSums sums;
  private int lowest;
  private double[][] slots = new double[0][];

  /** Of each place of a last slice a term that waits: two at once read and write a slot once. */
  private Term[] waiting = new Term[0];

  private double held;

  /**
   * @param sums to which products are added; not complete before {@link #flush}
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
   * @param range of the values, which {@link #fits}
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
      deposit(first.values, first.slices[i], values, slices[i], slots[place - lowest + i]);
    }
  }

  /** Empties all slots into the sums, which are complete until the next product is added. */
  void flush() {
    for (int i = 0; i < slots.length; i++) {
      if (waiting[i] != null) {
        Term last = waiting[i];
        for (int k = 0; k < SLICES; k++) {
          deposit(last.values, last.slices[k], last.values, 0.0, slots[i + k]);
        }
        waiting[i] = null;
      }
    }
    for (int i = 0; i < slots.length; i++) {
      sums.prepare();
      empty(slots[i], (lowest + i) * SLICE_BITS);
    }
    held = 0;
  }

  private void empty(double[] slot, int exponent) {
    int place = Math.floorDiv(exponent, ExactSums.DIGIT_BITS);
    long[] digits = sums.at(place);
    if (exponent == place * ExactSums.DIGIT_BITS) {
      for (int i = 0; i < slot.length; i++) {
        digits[i] += (long) slot[i];
      }
    } else {
      for (int i = 0; i < slot.length; i++) {
        digits[i] += ((long) slot[i] & SLICE_MASK) << SLICE_BITS;
      }
      long[] upper = sums.at(place + 1);
      for (int i = 0; i < slot.length; i++) {
        upper[i] += (long) slot[i] >> SLICE_BITS;
      }
    }
    Arrays.fill(slot, 0.0);
  }

  /** Makes sure of the slots for a factor whose last slice is at {@code place}. */
  private void reserve(int place) {
    int end = lowest + slots.length;
    if (slots.length > 0 && place >= lowest && place + SLICES <= end) {
      return;
    }
    int from = slots.length == 0 ? place : Math.min(place, lowest);
    int to = slots.length == 0 ? place + SLICES : Math.max(place + SLICES, end);
    double[][] grown = new double[to - from][];
    System.arraycopy(slots, 0, grown, slots.length == 0 ? 0 : lowest - from, slots.length);
    Term[] moved = new Term[to - from];
    System.arraycopy(waiting, 0, moved, slots.length == 0 ? 0 : lowest - from, waiting.length);
    for (int i = 0; i < grown.length; i++) {
      if (grown[i] == null) {
        grown[i] = new double[sums.size()];
      }
    }
    lowest = from;
    slots = grown;
    waiting = moved;
  }

  private static void deposit(
      double[] values, double slice, double[] others, double otherSlice, double[] slot) {
    for (int i = 0; i < slot.length; i++) {
      slot[i] = Math.fma(otherSlice, others[i], Math.fma(slice, values[i], slot[i]));
    }
  }

  /** A column and its slices, which wait for another of the same place. */
  private static final class Term {
    final double[] values;
    final double[] slices;

    Term(double[] values, double[] slices) {
      this.values = values;
      this.slices = slices;
    }
  }
}
