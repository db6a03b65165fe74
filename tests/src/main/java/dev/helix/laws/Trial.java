package dev.helix.laws;

import dev.helix.tensor.DType;
import dev.helix.tensor.compare.Ulps;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * One law held against one implementation on one case: it asks, compares, counts, and remembers the
 * worst share of a bound. What a law says is in the subclasses, one for each {@link Seam}.
 */
public abstract class Trial {
  private final Law law;
  private double worstShare;
  private int calls;
  private int comparisons;

  protected Trial(Law law) {
    this.law = law;
  }

  /**
   * Holds the law against the implementation.
   *
   * @throws LawViolation if it does not hold
   */
  public final void check() {
    try {
      hold();
    } catch (LawViolation e) {
      throw e.saying(
          "law %s (%s): %s. Input: %s".formatted(law, law.sentence(), e.getMessage(), input()));
    }
  }

  /** What the law says; a {@link LawViolation} of it need name neither the law nor the input. */
  protected abstract void hold();

  /** The case, for messages. */
  protected abstract String input();

  protected final Law law() {
    return law;
  }

  /** The largest |got − expected| / bound of all comparisons so far. */
  public final double worstShare() {
    return worstShare;
  }

  /** How often the implementation was called. */
  public final int calls() {
    return calls;
  }

  /** How often an answer was held against something. */
  public final int comparisons() {
    return comparisons;
  }

  /** The implementation is called once more. */
  protected final void called() {
    calls++;
  }

  /** Where a number stands, and the format and the numbers of the implementation it is shown in. */
  public record Shown(String claim, String where, DType format, String expected, String got) {}

  /** Demands that a number is within a bound of what is expected; the same infinity is. */
  protected final void within(Shown shown, double expected, double got, double bound) {
    comparisons++;
    if (expected == got) {
      return;
    }
    double error = Math.abs(got - expected);
    if (!Double.isFinite(error)) {
      String what =
          "%s: %s: expected %s, the answer is %s"
              .formatted(shown.claim, shown.where, shown.expected, shown.got);
      throw Double.isFinite(got)
          ? new LawViolation(what, shown.claim)
          : new LawViolation.NotFinite(what, shown.claim);
    }
    if (!(error <= bound)) {
      double ulp =
          Math.max(
              Math.abs(expected) * 2 * Precision.unit(shown.format), Precision.tiny(shown.format));
      String what =
          String.format(
              Locale.ROOT,
              "%s: %s: expected %s, got %s: off by %.3g, %.3g %s ulps, %d double ulps, %.3g times"
                  + " the bound of %.3g",
              shown.claim,
              shown.where,
              shown.expected,
              shown.got,
              error,
              error / ulp,
              shown.format.name(),
              Ulps.distance(expected, got),
              error / bound,
              bound);
      throw new LawViolation(what, shown.claim);
    }
    worstShare = Math.max(worstShare, error / bound);
  }

  /** Like {@link #within(Shown, double, double, double)}, for numbers shown as they are. */
  protected final void within(
      String claim, String where, DType format, double expected, double got, double bound) {
    within(
        new Shown(claim, where, format, String.valueOf(expected), String.valueOf(got)),
        expected,
        got,
        bound);
  }

  /** Demands what needs no bound. */
  protected final void require(boolean holds, Supplier<String> what) {
    comparisons++;
    if (!holds) {
      throw new LawViolation(what.get());
    }
  }
}
