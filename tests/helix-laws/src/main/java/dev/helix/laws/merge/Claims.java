package dev.helix.laws.merge;

import dev.helix.attention.convention.Empties;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import java.math.BigDecimal;

/**
 * Comparisons that several laws make: an answer is compared with another answer, with a shard, or
 * with a true value.
 */
final class Claims {
  /**
   * Logarithm of the greatest sum that a law gives to a (max, sum) pair, together with that pair's
   * reference.
   */
  private static final double LARGEST_LOG_SUM = 60;

  private Claims() {}

  /**
   * Demands that two answers to the same question agree, the second after up to {@code depth}
   * merges.
   */
  static void same(
      MergeTrial t, String claim, Law law, Stack stack, int depth, Answer one, Answer two) {
    if (t.declaration().inBits().contains(law)) {
      t.demand(one.sameBits(two), () -> claim + " in some bits");
    }
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference reference = stack.reference(row);
      empty(t, row, reference, one);
      empty(t, row, reference, two);
      if (!reference.isEmpty()) {
        for (int i = 0; i < stack.dim(); i++) {
          t.outputs(
              claim,
              row,
              i,
              one.output(row, i),
              two.output(row, i),
              reference.outputBound(i, 1) + reference.outputBound(i, depth));
        }
        t.lses(
            claim,
            row,
            one.lse(row),
            two.lse(row),
            reference.lseBound(1) + reference.lseBound(depth));
      }
    }
  }

  /** Demands that the answer equals the stack {@code x}, which has one shard. */
  static void is(MergeTrial t, String claim, Stack x, int depth, Answer got) {
    for (int row = 0; row < x.rows(); row++) {
      MergeReference reference = x.reference(row);
      empty(t, row, reference, got);
      if (!reference.isEmpty()) {
        for (int i = 0; i < x.dim(); i++) {
          t.output(
              claim,
              row,
              i,
              x.output(0, row, i),
              got.output(row, i),
              reference.outputBound(i, depth));
        }
        t.lse(claim, row, reference.lseInBase(), got.lse(row), reference.lseBound(depth));
      }
    }
  }

  /**
   * Demands that the answer is the true value of {@code whole}, although the question was the
   * rounded {@code parts}.
   */
  static void against(
      MergeTrial t,
      String claim,
      MergeReference whole,
      MergeReference parts,
      int row,
      int depth,
      Answer got) {
    empty(t, row, whole, got);
    if (whole.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim(); i++) {
      double input = rounding(t, whole, parts, i, 0);
      double expected = FiftyDigits.doubleValue(whole.output(i));
      t.output(
          claim,
          row,
          i,
          expected,
          got.output(row, i),
          parts.outputBound(i, depth) + input + Math.ulp(expected));
    }
    double input = lseRounding(t, whole, parts, BigDecimal.ZERO);
    t.lse(
        claim,
        row,
        whole.lseInBase(),
        got.lse(row),
        parts.lseBound(depth) + input + Math.ulp(whole.lseInBase()));
  }

  /**
   * Demands that the second answer is the first one with its log-sum-exp moved by {@code shift},
   * which is in the implementation's base.
   */
  static void related(
      MergeTrial t,
      String claim,
      MergeReference one,
      MergeReference two,
      int row,
      Answer first,
      Answer second,
      BigDecimal shift) {
    empty(t, row, one, first);
    empty(t, row, two, second);
    if (one.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim(); i++) {
      double input = rounding(t, one, two, i, shift.doubleValue());
      t.outputs(
          claim,
          row,
          i,
          first.output(row, i),
          second.output(row, i),
          one.outputBound(i, 1) + two.outputBound(i, 1) + input);
    }
    double input = lseRounding(t, one, two, shift);
    double expected = first.lse(row) + shift.doubleValue();
    t.lses(
        claim,
        row,
        expected,
        second.lse(row),
        one.lseBound(1) + two.lseBound(1) + input + 2 * Math.ulp(expected));
  }

  /**
   * The distance of the true outputs of two questions that a law takes for the same question.
   *
   * @throws LawViolation if rounding cannot explain the distance, so that the questions are not the
   *     same. In each of them, a log-sum-exp may have been rounded four times (base, reference,
   *     sum, grid) and an output once.
   */
  static double rounding(
      MergeTrial t, MergeReference one, MergeReference two, int i, double shift) {
    double exponents = lseRoundingAllowed(t, one, two, shift);
    double values = 2 * Precision.unit(t.convention().formats().partial());
    double magnitude = Math.max(one.weightedMagnitude(i), two.weightedMagnitude(i));
    double most =
        (Math.expm1(2 * exponents) + values * Math.exp(2 * exponents)) * magnitude
            + 2 * Precision.tiny(t.convention().formats().partial());
    double apart =
        one.equals(two) ? 0 : FiftyDigits.doubleValue(one.output(i).subtract(two.output(i)).abs());
    return asked(t, apart, most);
  }

  /**
   * The distance of the true log-sum-exps of two such questions, in the declared base; the second
   * is greater by {@code shift}.
   */
  static double lseRounding(
      MergeTrial t, MergeReference one, MergeReference two, BigDecimal shift) {
    double nats = lseRoundingAllowed(t, one, two, shift.doubleValue());
    double apart = one.inBase(two.lse().subtract(one.lse())).subtract(shift).abs().doubleValue();
    return asked(t, apart, t.convention().base().fromNatural(nats));
  }

  private static double lseRoundingAllowed(
      MergeTrial t, MergeReference one, MergeReference two, double shift) {
    double largest =
        Math.max(one.largestLse(), two.largestLse())
            + Math.abs(t.convention().base().toNatural(shift))
            + LARGEST_LOG_SUM;
    return 8 * Precision.unit(t.convention().precision().lse()) * largest;
  }

  private static double asked(MergeTrial t, double apart, double most) {
    t.demand(
        apart <= most,
        () ->
            "two questions that should be one differ by %.3g, more than rounding".formatted(apart));
    return apart;
  }

  /**
   * Demands for a row without tokens that the output is 0 and the log-sum-exp is the declared mark.
   * Other rows are not looked at.
   */
  static void empty(MergeTrial t, int row, MergeReference reference, Answer got) {
    if (!reference.isEmpty()) {
      return;
    }
    Empties.Content content = t.convention().contract().empties().answered();
    for (int i = 0; i < t.stack().dim() && content == Empties.Content.ZERO; i++) {
      t.output("a row without tokens is not 0", row, i, 0, got.output(row, i), 0);
    }
    for (int i = 0; i < t.stack().dim() && content == Empties.Content.FINITE; i++) {
      boolean finite = Double.isFinite(got.output(row, i));
      t.demand(finite, () -> "a row without tokens is not finite");
    }
    t.lse(
        "a row without tokens is not marked as empty",
        row,
        Double.NEGATIVE_INFINITY,
        got.lse(row),
        0);
  }
}
