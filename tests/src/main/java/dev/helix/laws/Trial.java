package dev.helix.laws;

import dev.helix.tensor.DType;
import dev.helix.tensor.compare.Ulps;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/** One law, one implementation, one case: asks, compares, and remembers the worst share. */
final class Trial {
  private final Law law;
  private final Subject subject;
  private final MergeCase given;
  private final Stack stack;
  private double worstShare;
  private int merges;
  private int comparisons;

  Trial(Law law, Subject subject, MergeCase given) {
    this.law = law;
    this.subject = subject;
    this.given = given;
    this.stack = Stack.of(subject.convention(), given);
  }

  MergeCase given() {
    return given;
  }

  Convention convention() {
    return subject.convention();
  }

  /** The case on the implementation's grid. */
  Stack stack() {
    return stack;
  }

  SplittableRandom choices() {
    return new SplittableRandom(given.seed());
  }

  /** Asks for a merge. */
  Supplier<Answer> merge(Stack asked) {
    merges++;
    return subject.merge(asked);
  }

  /** The largest |got − expected| / bound of all comparisons so far. */
  double worstShare() {
    return worstShare;
  }

  int merges() {
    return merges;
  }

  /** How often an answer was held against something. */
  int comparisons() {
    return comparisons;
  }

  /** Compares a component of an output. */
  void output(String claim, int row, int i, double expected, double got, double bound) {
    String where = "output of token %d, head %d, component %d".formatted(token(row), head(row), i);
    within(claim, where, convention().precision().output(), expected, got, bound, x -> x);
  }

  /** Compares a log-sum-exp, if the implementation returns any. */
  void lse(String claim, int row, double expected, double got, double bound) {
    if (convention().returnsLse()) {
      String where = "LSE of token %d, head %d".formatted(token(row), head(row));
      within(
          claim,
          where,
          convention().precision().lse(),
          expected,
          got,
          bound,
          convention()::declared);
    }
  }

  private int token(int row) {
    return row / stack.heads;
  }

  private int head(int row) {
    return row % stack.heads;
  }

  private void within(
      String claim,
      String where,
      DType format,
      double expected,
      double got,
      double bound,
      DoubleUnaryOperator declared) {
    comparisons++;
    if (expected == got) {
      return;
    }
    double error = Math.abs(got - expected);
    if (!Double.isFinite(error)) {
      String what =
          "%s: %s: expected %s, the answer is %s"
              .formatted(
                  claim, where, declared.applyAsDouble(expected), declared.applyAsDouble(got));
      throw Double.isFinite(got)
          ? new LawViolation(sentence(what), claim)
          : new LawViolation.NotFinite(sentence(what), claim);
    }
    if (!(error <= bound)) {
      double ulp =
          Math.max(Math.abs(expected) * 2 * Precision.unit(format), Precision.tiny(format));
      throw new LawViolation(
          sentence(
              String.format(
                  Locale.ROOT,
                  "%s: %s: expected %s, got %s: off by %.3g, %.3g %s ulps, %d double ulps, %.3g times the bound of %.3g",
                  claim,
                  where,
                  expected,
                  got,
                  error,
                  error / ulp,
                  format.name(),
                  Ulps.distance(expected, got),
                  error / bound,
                  bound)),
          claim);
    }
    worstShare = Math.max(worstShare, error / bound);
  }

  /** Demands what needs no bound. */
  void require(boolean holds, Supplier<String> what) {
    comparisons++;
    if (!holds) {
      throw new LawViolation(sentence(what.get()), what.get());
    }
  }

  private String sentence(String what) {
    return "law %s (%s): %s. Input: %s".formatted(law, law.sentence(), what, stack);
  }
}
