package dev.helix.laws.merge;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.algebra.MaxSum;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The laws about log-sum-exps: how they weigh the parts, and what the merged one is. */
final class LseChecks {
  private LseChecks() {}

  static void shift(MergeTrial t) {
    Stack stack = t.stack();
    double[] shifts = {1, -3.5, 50, -1000, 1000, 20000};
    double c = shifts[t.choices().nextInt(shifts.length)];
    Stack moved = stack.withLses(Arrays.stream(stack.lses()).map(x -> x + c).toArray());
    Supplier<Answer> before = t.merge(stack);
    Supplier<Answer> after = t.merge(moved);
    for (int row = 0; row < stack.rows(); row++) {
      Claims.related(
          t,
          "after a shift of all LSEs by " + c,
          stack.reference(row),
          moved.reference(row),
          row,
          before.get(),
          after.get(),
          new BigDecimal(c));
    }
  }

  static void copies(MergeTrial t) {
    SplittableRandom random = t.choices();
    Stack x = t.stack().select(random.nextInt(t.stack().shards()));
    int k = 2 + random.nextInt(6);
    Stack copies = x.select(new int[k]);
    Supplier<Answer> got = t.merge(copies);
    for (int row = 0; row < x.rows(); row++) {
      MergeReference bound = copies.reference(row);
      for (int i = 0; i < x.dim() && !bound.isEmpty(); i++) {
        t.output(
            k + " copies of x do not have x's output",
            row,
            i,
            x.output(0, row, i),
            got.get().output(row, i),
            bound.outputBound(i, 1));
      }
      Claims.empty(t, row, bound, got.get());
      if (!bound.isEmpty()) {
        t.lse(
            k + " copies of x do not have LSE + ln " + k,
            row,
            bound.lseInBase(),
            got.get().lse(row),
            bound.lseBound(1));
      }
    }
  }

  static void range(MergeTrial t) {
    Stack stack = t.stack();
    Supplier<Answer> got = t.merge(stack);
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference bound = stack.reference(row);
      if (bound.isEmpty()) {
        continue;
      }
      double greatest = Double.NEGATIVE_INFINITY;
      for (int shard = 0; shard < stack.shards(); shard++) {
        greatest = Math.max(greatest, stack.lse(shard, row));
      }
      double most = greatest + t.convention().base().fromNatural(Math.log(bound.living()));
      double lse = got.get().lse(row);
      double nearest = Double.isNaN(lse) ? greatest : Math.max(greatest, Math.min(most, lse));
      t.lse(
          "the merged LSE is not in [max, max + log n]",
          row,
          nearest,
          lse,
          bound.lseBound(1) + 3 * Math.ulp(most));
    }
  }

  /**
   * Merges parts of l tokens that all have the score m, so that the weights are known without any
   * exponential.
   */
  static void bases(MergeTrial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    int n = Math.min(8, stack.shards());
    double m = new double[] {0, 1, -20, 60}[random.nextInt(4)];
    int[] counts = new int[n];
    double[] lses = new double[n];
    double[] outputs = random.doubles(n, -2, 2).toArray();
    for (int i = 0; i < n; i++) {
      counts[i] = 1 + random.nextInt(random.nextBoolean() ? 4 : 5000);
      lses[i] =
          t.convention().base().fromNatural(m)
              + t.convention().base().fromNatural(Math.log(counts[i]));
    }
    Stack asked = Stack.of(t.convention(), new int[] {n, 1, 1, 1}, outputs, lses);
    t.about(asked);
    MergeReference rounded = asked.reference(0);
    BigDecimal total = BigDecimal.valueOf(Arrays.stream(counts).sum());
    BigDecimal mean = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      mean =
          mean.add(new BigDecimal(asked.output(i, 0, 0)).multiply(BigDecimal.valueOf(counts[i])));
    }
    mean = mean.divide(total, FiftyDigits.DIGITS);
    BigDecimal lse = new BigDecimal(m).add(FiftyDigits.log(total));
    Answer got = t.merge(asked).get();
    String claim = "%s tokens of score %s on %d shards".formatted(Arrays.toString(counts), m, n);
    double input = mean.subtract(rounded.output(0)).abs().doubleValue();
    double inputLse = rounded.inBase(lse.subtract(rounded.lse())).abs().doubleValue();
    // m and ln l, converted, added and put on the grid; the outputs are on it already. In a pair
    // the max alone is on the grid, and it is longer than the log-sum-exp by up to ln of the sum.
    double longest = t.convention().pairs() ? Math.log(Collections.max(Stack.SUMS)) : 0;
    double nats =
        4
            * Precision.unit(t.convention().precision().lse())
            * (rounded.largestLse() + Math.abs(m) + longest);
    t.demand(
        inputLse <= t.convention().base().fromNatural(nats)
            && input <= Math.expm1(2 * nats) * rounded.weightedMagnitude(0),
        () -> "the counts of tokens have become other weights, by more than rounding");
    t.output(claim, 0, 0, mean.doubleValue(), got.output(0, 0), rounded.outputBound(0, 1) + input);
    double expected = rounded.inBase(lse).doubleValue();
    t.lse(claim, 0, expected, got.lse(0), rounded.lseBound(1) + inputLse + Math.ulp(expected));
  }

  /**
   * Gives the same weights as pairs at other references. An implementation that takes log-sum-exps
   * is given those of the pairs.
   */
  static void maxSum(MergeTrial t) {
    Stack stack = t.stack();
    Stack other = t.convention().pairs() ? stack.withOtherSums(t.choices()) : viaPairs(t, stack);
    t.about(other);
    Supplier<Answer> one = t.merge(stack);
    Supplier<Answer> two = t.merge(other);
    for (int row = 0; row < stack.rows(); row++) {
      Claims.related(
          t,
          "the same weights, from (max, sum) pairs at other references, give something else",
          stack.reference(row),
          other.reference(row),
          row,
          one.get(),
          two.get(),
          BigDecimal.ZERO);
    }
  }

  private static Stack viaPairs(MergeTrial t, Stack stack) {
    SplittableRandom random = t.choices();
    double[] moved = t.given().lses().clone();
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] != Double.NEGATIVE_INFINITY) {
        double reference = moved[i] - random.nextDouble(-30, 30);
        MaxSum pair = new MaxSum(moved[i], 1).at(reference);
        moved[i] = pair.lse(t.convention().base());
      }
    }
    return stack.withLses(moved);
  }
}
