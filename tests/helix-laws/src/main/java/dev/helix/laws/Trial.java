package dev.helix.laws;

import dev.helix.attention.convention.Precision;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One law held against one implementation on one case: it asks, compares, counts, and remembers the
 * worst share of a bound. The subclasses, one for each {@link Seam}, have the code of the laws.
 */
public abstract class Trial {
  /** Multiples of a bound beyond which an error is no matter of rounding. */
  private static final double GROSS = 100;

  private final Law law;
  private double worstShare;
  private int calls;
  private int comparisons;
  private Optional<Comparisons> noted = Optional.empty();

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
      List<Inquiry> asked = inquiries();
      throw e.saying(
          "law %s (%s): %s. Input: %s"
              .formatted(law, law.sentence(), e.getMessage(), input(e.getMessage(), asked)),
          asked);
    }
  }

  /** The first question whose answer is wrong by itself, and where; or the case. */
  private String input(String violation, List<Inquiry> asked) {
    for (Inquiry inquiry : asked) {
      if (inquiry.wrong()) {
        String worst =
            inquiry
                .worst()
                .filter(element -> !violation.contains(element.place() + ": expected"))
                .map(e -> "; its answer is furthest off in the " + e.place() + ": " + e.numbers())
                .orElse("");
        return inquiry.question() + worst;
      }
    }
    return input();
  }

  /**
   * Runs the law and returns all that it compares. A wrong number does not end the run. An answer
   * of the wrong form may, as no numbers can be read from it.
   */
  final Comparisons compared() {
    Comparisons all = new Comparisons();
    noted = Optional.of(all);
    try {
      hold();
    } catch (LawViolation | RuntimeException e) {
      // Numbers cannot be read from an answer of the wrong form, which has been noted then.
      if (!all.isWrong()) {
        all.refuse();
      }
    }
    return all;
  }

  /** Begins a row: all comparisons that follow belong to it, and it has these traits. */
  protected final void row(Supplier<Set<Trait>> traits) {
    noted.ifPresent(all -> all.row(traits.get()));
  }

  /**
   * Runs the body of the law. A {@link LawViolation} that it throws need name neither the law nor
   * the input.
   */
  protected abstract void hold();

  /** The case, for messages. */
  protected abstract String input();

  /**
   * The questions that were asked so far, in order; empty at seams that do not judge answers one by
   * one.
   */
  public List<Inquiry> inquiries() {
    return List.of();
  }

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

  /** How often an answer was compared with anything. */
  public final int comparisons() {
    return comparisons;
  }

  /** Counts one more call of the implementation. */
  protected final void called() {
    calls++;
  }

  /**
   * The words of a message about two numbers that are compared: where they stand, their format, and
   * how they are written in the implementation's own convention.
   */
  public record Shown(
      String claim, String where, DType format, String expected, String got, boolean answers) {
    /**
     * Says both numbers. With {@code answers}, the first is, or follows from, another answer of the
     * implementation.
     */
    private String numbers() {
      return answers
          ? "one answer gives %s, the other %s".formatted(expected, got)
          : "expected %s, got %s".formatted(expected, got);
    }

    /** Says both numbers and how far they are apart. */
    public String distance(double first, double second, double bound) {
      double error = Math.abs(second - first);
      if (!Double.isFinite(error)) {
        return numbers();
      }
      return String.format(
          Locale.ROOT,
          "%s: off by %.3g, %.3g %s, %.3g times the bound of %.3g",
          numbers(),
          error,
          error / Precision.ulp(format, first),
          format == DType.F64 ? "ulps" : format + " ulps",
          error / bound,
          bound);
    }

    /** The claim and the quantity, an output or a log-sum-exp, about which it is made. */
    private String kind() {
      return claim + " " + where + " ";
    }
  }

  /**
   * Demands that a number is within a bound of what is expected. An infinity is accepted if the
   * same infinity is expected.
   */
  protected final void within(Shown shown, double expected, double got, double bound) {
    comparisons++;
    if (noted.isPresent()) {
      noted.get().add(expected, got, bound);
      return;
    }
    if (expected == got) {
      return;
    }
    double error = Math.abs(got - expected);
    if (!Double.isFinite(error)) {
      String what =
          Double.isNaN(got) && !shown.answers
              ? "%s: %s: expected %s, the answer is NaN"
                  .formatted(shown.claim, shown.where, shown.expected)
              : "%s: %s: %s".formatted(shown.claim, shown.where, shown.numbers());
      throw Double.isFinite(got)
          ? new LawViolation(what, shown.kind())
          : new LawViolation.NotFinite(what, shown.kind());
    }
    if (!(error <= bound)) {
      String what =
          "%s: %s: %s".formatted(shown.claim, shown.where, shown.distance(expected, got, bound));
      String size = error > GROSS * bound ? "grossly" : "slightly";
      throw new LawViolation(what, shown.kind() + size);
    }
    worstShare = Math.max(worstShare, error / bound);
  }

  /**
   * Like {@link #within(Shown, double, double, double)}, for many numbers. The words of a message
   * are made only for a number that is off.
   */
  protected final void within(Supplier<Shown> shown, double expected, double got, double bound) {
    if (noted.isPresent()) {
      noted.get().add(expected, got, bound);
      return;
    }
    double error = Math.abs(got - expected);
    if (expected != got && !(Double.isFinite(error) && error <= bound)) {
      within(shown.get(), expected, got, bound);
    }
    comparisons++;
    worstShare = expected == got ? worstShare : Math.max(worstShare, error / bound);
  }

  /** Like {@link #within(Shown, double, double, double)}, for numbers shown as they are. */
  protected final void within(
      String claim, String where, DType format, double expected, double got, double bound) {
    within(claim, () -> where, format, expected, got, bound);
  }

  /**
   * Like {@link #within(String, String, DType, double, double, double)}, for many numbers. Places
   * are named only for numbers that are off.
   */
  protected final void within(
      String claim,
      Supplier<String> where,
      DType format,
      double expected,
      double got,
      double bound) {
    Supplier<Shown> shown =
        () ->
            new Shown(
                claim, where.get(), format, String.valueOf(expected), String.valueOf(got), false);
    within(shown, expected, got, bound);
  }

  /** Demands a condition that needs no bound. */
  protected final void require(boolean holds, Supplier<String> what) {
    comparisons++;
    if (noted.isPresent()) {
      noted.get().add(1, holds ? 1 : 0, 0);
    } else if (!holds) {
      throw new LawViolation(what.get());
    }
  }

  /** Demands an exact number. A number that is wrong is noted, as it tells faults apart. */
  protected final void same(int expected, int got, Supplier<String> what) {
    noted.ifPresent(all -> all.add(expected, got, 0));
    require(expected == got, what);
  }

  /**
   * Demands exact numbers. Numbers that are wrong are noted, as they tell faults apart.
   *
   * @param same whether they are as they should be
   */
  protected final void same(boolean same, double[] expected, double[] got, Supplier<String> what) {
    noted.ifPresent(
        all -> {
          all.add(expected.length, got.length, 0);
          for (int i = 0; i < Math.min(expected.length, got.length); i++) {
            all.add(expected[i], got[i], 0);
          }
        });
    require(same, what);
  }
}
