package dev.helix.runtime.dump.writing;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;

/**
 * The numbers in which a convention keeps the weight of a partial state: a log-sum-exp in its base,
 * or a (max, sum) pair. The maximum of such a pair is the whole number nearest to the log-sum-exp,
 * which is as valid a reference as the greatest score.
 */
final class DumpedWeights {
  private final Convention convention;
  private final LogBase base;

  DumpedWeights(Convention convention) {
    this.convention = convention;
    this.base = convention.base();
  }

  /** How many numbers stand for one weight. */
  int size() {
    return convention.pairs() ? 2 : 1;
  }

  /**
   * The numbers of a weight.
   *
   * @param nats a natural log-sum-exp; −∞ if there are no tokens
   * @return {@code [size]}
   */
  double[] of(double nats) {
    if (!convention.pairs()) {
      return new double[] {convention.declared(fine(base.fromNatural(nats)))};
    }
    if (nats == Double.NEGATIVE_INFINITY) {
      return new double[] {nats, 0};
    }
    double max = fine(Math.rint(base.fromNatural(nats)));
    double sum = Double.isFinite(max) ? fine(Math.exp(nats - base.toNatural(max))) : 1;
    return new double[] {max, sum};
  }

  /** The log-sum-exp, in the base of the convention, that a reader of the numbers gets. */
  double read(double nats) {
    double[] numbers = of(nats);
    return numbers.length == 1 || numbers[1] == 0
        ? numbers[0]
        : numbers[0] + Math.log(numbers[1]) / base.nats();
  }

  /** The natural log-sum-exp that a reader of the numbers gets; −∞ if there are no tokens. */
  double carried(double nats) {
    return nats == Double.NEGATIVE_INFINITY ? nats : base.toNatural(read(nats));
  }

  private double fine(double x) {
    return convention.formats().lse().round(x);
  }
}
