package dev.helix.laws.merge;

import dev.helix.attention.convention.LogBase;
import dev.helix.laws.Law;
import dev.helix.laws.Precision;
import dev.helix.tensor.InvalidInputException;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an implementation declares of itself: how its arrays are to be read, and how exact it means
 * to be. Everything not declared is as in {@link #of}.
 *
 * @param precision the number formats, whose unit roundoffs make the bounds
 * @param base of its log-sum-exps
 * @param order of tokens and heads in its arrays
 * @param emptyLse the log-sum-exp by which it marks a part without tokens, rounded to its format:
 *     infinite, or at least 1e6 in magnitude, which no part with tokens has
 * @param pairs whether it is given (max, sum) pairs in place of log-sum-exps, the max in units of
 *     the base, at references that need not be the greatest score
 * @param returnsLse whether a merge also returns the merged log-sum-exp; if not, the suite supplies
 *     the true one where a result is merged again
 * @param heads the only number of heads that it takes, if there is but one: cases are cut and
 *     filled up to it
 * @param dim the only number of components of a value that it takes, likewise
 * @param functionUlps how far its exp and log may be off, in units of the last place
 * @param inBits the laws that it keeps with equality of bits; the others within derived bounds
 */
public record Convention(
    Precision precision,
    LogBase base,
    AxisOrder order,
    double emptyLse,
    boolean pairs,
    boolean returnsLse,
    OptionalInt heads,
    OptionalInt dim,
    double functionUlps,
    Set<Law> inBits) {
  private static final double LEAST_MARK = 1e6;

  /**
   * Rounds the mark to the format of log-sum-exps.
   *
   * @throws InvalidInputException if the mark could be the log-sum-exp of a part with tokens
   */
  public Convention {
    if (Double.isNaN(emptyLse)) {
      throw new IllegalArgumentException("NaN cannot mark a part without tokens");
    }
    if (Math.abs(emptyLse) < LEAST_MARK) {
      throw new InvalidInputException(
          "mark of a part without tokens: expected an infinity or at least 1e6 in magnitude, which"
              + " no LSE is, got "
              + emptyLse);
    }
    emptyLse = precision.lse().round(emptyLse);
    if (!(functionUlps >= 0.5)) {
      throw new IllegalArgumentException("function ulps: expected >= 0.5, got " + functionUlps);
    }
    inBits = Set.copyOf(inBits);
  }

  /** Natural logarithms, tokens first, −∞ for no tokens, returns the merged log-sum-exp. */
  public static Convention of(Precision precision) {
    return new Convention(
        precision,
        LogBase.E,
        AxisOrder.TOKENS_FIRST,
        Double.NEGATIVE_INFINITY,
        false,
        true,
        OptionalInt.empty(),
        OptionalInt.empty(),
        precision.functionUlps(),
        Set.of());
  }

  /** With log-sum-exps in base 2. */
  public Convention base2() {
    return with(draft -> draft.base = LogBase.TWO);
  }

  /** With heads before tokens in all arrays. */
  public Convention headsFirst() {
    return with(draft -> draft.order = AxisOrder.HEADS_FIRST);
  }

  /** With another mark of a part without tokens, such as +∞ or −1e30. */
  public Convention emptyAs(double lse) {
    return with(draft -> draft.emptyLse = lse);
  }

  /** With (max, sum) pairs in place of log-sum-exps among what it is given. */
  public Convention maxSum() {
    return with(draft -> draft.pairs = true);
  }

  /** Without a merged log-sum-exp among the results. */
  public Convention withoutLse() {
    return with(draft -> draft.returnsLse = false);
  }

  /** With the only number of heads, and of components of a value, that it takes. */
  public Convention sized(OptionalInt onlyHeads, OptionalInt onlyDim) {
    return with(
        draft -> {
          draft.heads = onlyHeads;
          draft.dim = onlyDim;
        });
  }

  /** With elementary functions of another accuracy. */
  public Convention functionUlps(double ulps) {
    return with(draft -> draft.functionUlps = ulps);
  }

  /** With these laws kept to the bit. */
  public Convention inBits(Law first, Law... more) {
    return with(draft -> draft.inBits = EnumSet.of(first, more));
  }

  private Convention with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.convention();
  }

  /** A convention that is being changed. */
  private static final class Draft {
    private final Precision precision;
    private LogBase base;
    private AxisOrder order;
    private double emptyLse;
    private boolean pairs;
    private boolean returnsLse;
    private OptionalInt heads;
    private OptionalInt dim;
    private double functionUlps;
    private Set<Law> inBits;

    Draft(Convention from) {
      precision = from.precision;
      base = from.base;
      order = from.order;
      emptyLse = from.emptyLse;
      pairs = from.pairs;
      returnsLse = from.returnsLse;
      heads = from.heads;
      dim = from.dim;
      functionUlps = from.functionUlps;
      inBits = from.inBits;
    }

    Convention convention() {
      return new Convention(
          precision, base, order, emptyLse, pairs, returnsLse, heads, dim, functionUlps, inBits);
    }
  }

  /** A log-sum-exp in this base as the implementation has it: its mark in place of −∞. */
  double declared(double lse) {
    return lse == Double.NEGATIVE_INFINITY ? emptyLse : lse;
  }

  /** A log-sum-exp in nats as this implementation would be given it; −∞ stays −∞. */
  double roundedLse(double nats) {
    return precision.lse().round(base.fromNatural(nats));
  }

  /** Where no log-sum-exp is returned, the law of its range has nothing to hold against. */
  boolean checks(Law law) {
    return returnsLse || law != Law.LSE_RANGE;
  }
}
