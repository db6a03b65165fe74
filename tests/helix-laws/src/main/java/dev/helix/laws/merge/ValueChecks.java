package dev.helix.laws.merge;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.MeanWeightError;
import dev.helix.laws.reference.MergeReference;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The laws that the merged output is a weighted mean of values. */
final class ValueChecks {
  private ValueChecks() {}

  static void constantValues(MergeTrial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    double[] constants =
        random.doubles(stack.dim(), -3, 3).map(t.convention().formats().partial()::round).toArray();
    double[] outputs = stack.outputs();
    for (int i = 0; i < outputs.length; i++) {
      int at = i / stack.dim();
      outputs[i] =
          stack.living(at / stack.rows(), at % stack.rows())
              ? constants[i % stack.dim()]
              : outputs[i];
    }
    Stack constant = stack.withOutputs(outputs);
    Supplier<Answer> got = t.merge(constant);
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference bound = constant.reference(row);
      Claims.empty(t, row, bound, got.get());
      for (int i = 0; i < stack.dim() && !bound.isEmpty(); i++) {
        t.output(
            "all values are the same, the output is another",
            row,
            i,
            constants[i],
            got.get().output(row, i),
            bound.outputBound(i, 1));
      }
    }
  }

  static void linear(MergeTrial t) {
    Stack x = t.stack();
    SplittableRandom random = t.choices();
    double[] outputs = x.outputs();
    double[] others = new double[outputs.length];
    double[] sums = new double[outputs.length];
    for (int i = 0; i < outputs.length; i++) {
      int at = i / x.dim();
      boolean living = x.living(at / x.rows(), at % x.rows());
      others[i] =
          living
              ? t.convention().formats().partial().round(random.nextDouble() * 4 - 2)
              : outputs[i];
      sums[i] = living ? 2 * outputs[i] - 0.5 * others[i] : outputs[i];
    }
    Stack y = x.withOutputs(others);
    Stack sum = x.withOutputs(sums);
    Supplier<Answer> ofX = t.merge(x);
    Supplier<Answer> ofY = t.merge(y);
    Supplier<Answer> ofSum = t.merge(sum);
    for (int row = 0; row < x.rows(); row++) {
      MergeReference rx = x.reference(row);
      MergeReference ry = y.reference(row);
      MergeReference rs = sum.reference(row);
      for (int i = 0; i < x.dim() && !rx.isEmpty(); i++) {
        BigDecimal rounded =
            rx.output(i)
                .multiply(BigDecimal.valueOf(2))
                .subtract(ry.output(i).multiply(new BigDecimal("0.5")))
                .subtract(rs.output(i));
        double bound =
            2 * rx.outputBound(i, 1)
                + 0.5 * ry.outputBound(i, 1)
                + rs.outputBound(i, 1)
                + rounded.abs().doubleValue();
        double expected = 2 * ofX.get().output(row, i) - 0.5 * ofY.get().output(row, i);
        t.outputs(
            "merge(2x − y/2) is not 2·merge(x) − merge(y)/2",
            row,
            i,
            expected,
            ofSum.get().output(row, i),
            bound + 4 * Math.ulp(expected));
      }
    }
  }

  static void hull(MergeTrial t) {
    Stack stack = t.stack();
    Supplier<Answer> got = t.merge(stack);
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference bound = stack.reference(row);
      for (int i = 0; i < stack.dim() && !bound.isEmpty(); i++) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int shard = 0; shard < stack.shards(); shard++) {
          if (stack.living(shard, row)) {
            least = Math.min(least, stack.output(shard, row, i));
            most = Math.max(most, stack.output(shard, row, i));
          }
        }
        double output = got.get().output(row, i);
        double nearest = Double.isNaN(output) ? least : Math.max(least, Math.min(most, output));
        t.output(
            "the output is not between the least and the greatest part",
            row,
            i,
            nearest,
            output,
            bound.outputBound(i, 1));
      }
    }
  }

  /**
   * Merges parts whose outputs are the unit vectors, so that the merged output is the list of
   * weights.
   */
  static void weights(MergeTrial t) {
    if (t.given().hard().contains(HardCase.MANY_ROWS)) {
      meanWeights(t);
      return;
    }
    int n = Math.min(8, t.stack().shards());
    Stack some = t.stack().select(OrderChecks.some(t.choices(), t.stack().shards(), n));
    double[] unit = new double[n * some.rows() * n];
    for (int shard = 0; shard < n; shard++) {
      for (int row = 0; row < some.rows(); row++) {
        unit[(shard * some.rows() + row) * n + shard] = 1;
      }
    }
    Stack asked =
        Stack.of(t.convention(), new int[] {n, some.tokens(), some.heads(), n}, unit, some.lses());
    t.about(asked);
    Supplier<Answer> got = t.merge(asked);
    for (int row = 0; row < some.rows(); row++) {
      MergeReference bound = asked.reference(row);
      if (bound.isEmpty()) {
        continue;
      }
      double sum = 0;
      double sumBound = 0;
      for (int i = 0; i < n; i++) {
        double weight = got.get().output(row, i);
        int shard = i;
        t.demand(weight >= 0, () -> "the weight of shard %d is %s".formatted(shard, weight));
        sum += weight;
        sumBound += bound.outputBound(i, 1);
      }
      t.output("the weights do not sum to 1", row, 0, 1, sum, sumBound + n * Math.ulp(1.0));
    }
  }

  /** Demands that no shard's weight is off on the mean of all rows, each of one component. */
  private static void meanWeights(MergeTrial t) {
    Stack stack = t.stack();
    Formats formats = t.convention().formats();
    double coarsest =
        Stream.of(formats.partial(), formats.factor(), formats.accumulator(), formats.answer())
            .mapToDouble(Precision::unit)
            .max()
            .orElseThrow();
    MeanWeightError error = new MeanWeightError(stack.shards(), coarsest);
    Answer got = t.merge(stack).get();
    for (int row = 0; row < stack.rows(); row++) {
      double[] weights = weights(stack, row);
      double[] values = new double[stack.shards()];
      for (int shard = 0; shard < values.length; shard++) {
        values[shard] = stack.output(shard, row, 0);
      }
      double bound = bound(t.convention(), stack, row, weights);
      double fine = bound(t.convention().fine(), stack, row, weights);
      error.add(weights, values, got.output(row, 0), bound, fine);
    }
    for (int shard = 0; shard < error.parts(); shard++) {
      double estimate = error.estimate(shard);
      double threshold = error.threshold(shard);
      String place = "the weight of shard %d".formatted(shard);
      t.demand(
          Math.abs(estimate) <= threshold,
          () ->
              "%s is off by %.3g of itself on the mean of %d rows, and roundings explain %.3g"
                  .formatted(place, estimate, stack.rows(), threshold));
    }
  }

  /** The weights of all shards of a row that all have tokens of it, as doubles give them. */
  private static double[] weights(Stack stack, int row) {
    double merged = nats(stack, row);
    double[] weights = new double[stack.shards()];
    Arrays.setAll(
        weights,
        shard -> Math.exp(stack.convention().base().toNatural(stack.lse(shard, row)) - merged));
    return weights;
  }

  /** The bound of component 0 of such a row, for an implementation of a convention. */
  private static double bound(Convention convention, Stack stack, int row, double[] weights) {
    List<MergedPart> parts = new ArrayList<>();
    for (int shard = 0; shard < weights.length; shard++) {
      double[] value = {stack.output(shard, row, 0)};
      parts.add(new MergedPart(weights[shard], -Math.log(weights[shard]), 0, value));
    }
    return new MergeBound(convention, nats(stack, row), parts, true, Collections.max(Stack.SUMS))
        .inLevels(convention.contract().levels(stack.shards()))
        .output(0, 1);
  }

  /** ln Σ exp(LSEᵢ), in doubles. */
  private static double nats(Stack stack, int row) {
    double[] nats = new double[stack.shards()];
    Arrays.setAll(nats, shard -> stack.convention().base().toNatural(stack.lse(shard, row)));
    double greatest = Arrays.stream(nats).max().orElseThrow();
    return greatest + Math.log(Arrays.stream(nats).map(x -> Math.exp(x - greatest)).sum());
  }

  /**
   * Puts NaN into a value of a part that has weight, NaN into its weight, or +∞ into its weight.
   */
  static void nanIsReported(MergeTrial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    double[] merged = IntStream.range(0, stack.rows()).mapToDouble(stack::mergedLse).toArray();
    int[] weighty =
        IntStream.range(0, stack.shards() * stack.rows())
            .filter(at -> hasNormalWeight(stack, at, merged[at % stack.rows()]))
            .toArray();
    if (weighty.length == 0) {
      return;
    }
    int at = weighty[random.nextInt(weighty.length)];
    int component = random.nextInt(stack.dim());
    if (!t.convention().contract().values().losesNan()) {
      double[] outputs = stack.outputs();
      outputs[at * stack.dim() + component] = Double.NaN;
      reported(
          t,
          stack.withOutputs(outputs),
          "NaN in component %d of".formatted(component),
          at,
          component,
          (answer, row) -> Double.isNaN(answer.output(row, component)));
    }
    for (double weight : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      if (!t.convention().marks().mayBeRead(weight)) {
        weighted(t, stack, at, weight);
      }
    }
  }

  /** Reported by all components, or by the log-sum-exp alone. */
  private static void weighted(MergeTrial t, Stack stack, int at, double weight) {
    double[] lses = stack.lses();
    lses[at] = weight;
    boolean byLse = t.declaration().returnsLse();
    reported(
        t,
        stack.withLses(lses),
        "a weight of %s of".formatted(weight),
        at,
        0,
        (answer, row) ->
            (byLse && !Double.isFinite(answer.lse(row)))
                || IntStream.range(0, stack.dim())
                    .noneMatch(i -> Double.isFinite(answer.output(row, i))));
  }

  /** Whether the answer of a row says that something was no number. */
  private interface Report {
    boolean in(Answer answer, int row);
  }

  /**
   * Demands that a merge reports numbers that are not finite. To throw is to report. To say that
   * there are no tokens is not, because the number is then lost.
   */
  private static void reported(
      MergeTrial t, Stack asked, String what, int at, int component, Report report) {
    t.about(asked);
    int row = at % asked.rows();
    Answer answer;
    try {
      answer = t.merge(asked).get();
    } catch (LawViolation.Refusal refusal) {
      t.demand(true, () -> "");
      return;
    }
    boolean returnsLse = t.declaration().returnsLse();
    double lse = t.convention().declared(answer.lse(row));
    String told = "%s shard %d, which has tokens,".formatted(what, at / asked.rows());
    String came = "output %s".formatted(answer.output(row, component));
    t.demand(
        !returnsLse || answer.lse(row) != Double.NEGATIVE_INFINITY,
        () -> "%s came out as if there were no tokens: %s, LSE %s".formatted(told, came, lse));
    t.demand(
        report.in(answer, row),
        () -> "%s came out as %s%s".formatted(told, came, returnsLse ? ", LSE " + lse : ""));
  }

  /** Whether exp(LSEᵢ − LSE) is a normal number of both formats, with a rounding to spare. */
  private static boolean hasNormalWeight(Stack stack, int at, double merged) {
    int shard = at / stack.rows();
    int row = at % stack.rows();
    if (!stack.living(shard, row)) {
      return false;
    }
    Precision precision = stack.convention().precision();
    double gap = stack.lse(shard, row) - merged;
    double least =
        Math.max(Precision.normal(precision.output()), Precision.normal(precision.lse()));
    return Math.exp(stack.convention().base().toNatural(gap)) >= 2 * least;
  }
}
