package dev.helix.attention.bounds;

import static dev.helix.attention.bounds.HighPrecision.DIGITS;
import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.baseline.ScoreCase;
import dev.helix.attention.baseline.ScoreFormula;
import dev.helix.attention.baseline.ScoreProblem;
import dev.helix.attention.baseline.ShardedDecode;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.rotary.RopeParameters;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The readings that round, on every placement and under every score rule, against 50 digits and the
 * bound that the baseline's verification uses.
 */
class ScoreErrorTest {
  @Provide
  Arbitrary<ScoreCase> cases() {
    return ScoreCase.arbitrary();
  }

  @Property(tries = 80, seed = "36")
  void everyPlacementIsWithinTheBoundOfTheTrueValue(@ForAll("cases") ScoreCase given) {
    ScoreProblem problem = given.problem();
    double[] fp64 = ShardedDecode.fp64().attend(problem, given.placement(), given.rule());
    double[] counting = ShardedDecode.counting().attend(problem, given.placement(), given.rule());
    for (int row = 0; row < problem.rows(); row++) {
      for (int head = 0; head < problem.heads(); head++) {
        Truth truth = new Truth(problem, given.rule(), row, head);
        for (int i = 0; i < problem.dim(); i++) {
          BigDecimal exact = truth.output(i);
          double bound = truth.bound(i, given.placement().shards());
          int at = (row * problem.heads() + head) * problem.dim() + i;
          assertWithin(fp64[at], exact, bound, given);
          assertWithin(counting[at], exact, bound, given);
        }
      }
    }
  }

  /**
   * One step of the whole baseline, identity weights, against 50 digits: its scores are an
   * implementation of their own, and have to be right by themselves.
   */
  @Example
  void theBaselineIsWithinItsOwnBound() {
    AttentionShape shape = new AttentionShape(2, 1, 1, 2);
    double[] identity = {1, 0, 0, 1};
    ScoreRule rule =
        ScoreRule.ofScale(0.7)
            .withSoftCap(3)
            .withWindow(5)
            .withSinks(List.of(0.4))
            .withAlibi(List.of(0.3));
    // Frequencies of 1 and no other: the rotation is that of two components by the position.
    UnshardedAttention baseline =
        new UnshardedAttention(
            shape, RopeParameters.of(1e4), rule, identity, identity, identity, identity);
    AttentionErrorBound errors = new AttentionErrorBound(baseline, 4);
    int tokens = 9;
    double[] k = new double[2 * tokens];
    double[] v = new double[2 * tokens];
    double[] output = {};
    double[] bound = {};
    for (int position = 0; position < tokens; position++) {
      double[] x = {Math.sin(position + 1), 1.5 * Math.cos(3 * position)};
      output = baseline.step(x);
      bound = errors.step(x);
      System.arraycopy(baseline.key(position), 0, k, 2 * position, 2);
      System.arraycopy(x, 0, v, 2 * position, 2);
    }
    double[] last = {Math.sin(tokens), 1.5 * Math.cos(3 * (tokens - 1))};
    double[] q = baseline.rotary().rotated(last, tokens - 1);
    Truth truth = new Truth(new ScoreProblem(tokens, 1, 1, 1, 2, q, k, v), rule, 0, 0);
    for (int i = 0; i < 2; i++) {
      double error = HighPrecision.error(output[i], truth.output(i));
      assertTrue(error <= bound[i], "error " + error + " of " + bound[i]);
      assertTrue(bound[i] < 1e-12, "a bound of " + bound[i] + " says nothing");
    }
  }

  private static void assertWithin(double actual, BigDecimal exact, double bound, ScoreCase given) {
    double error = HighPrecision.error(actual, exact);
    assertTrue(error <= bound, () -> given + ": error " + error + " of " + bound);
  }

  /** The mathematical value of one head's output, and the bound of two programs' difference. */
  private static final class Truth {
    private final ScoreProblem problem;
    private final ScoreFormula formula;
    private final double[] query;
    private final double[][] keys;
    private final double[][] values;
    private final int head;
    private final int first;
    private final int last;
    private final BigDecimal[] weights;
    private final BigDecimal total;

    Truth(ScoreProblem problem, ScoreRule rule, int row, int head) {
      this.problem = problem;
      this.head = head;
      this.formula = ScoreFormula.of(rule);
      this.query = problem.query(row, head);
      this.keys = problem.ofHead(problem.k(), head);
      this.values = problem.ofHead(problem.v(), head);
      this.last = problem.position(row);
      this.first = Math.max(0, last + 1 - rule.window().orElse(last + 1));
      this.weights = new BigDecimal[problem.tokens()];
      BigDecimal sum = BigDecimal.ZERO;
      for (int j = first; j <= last; j++) {
        weights[j] = HighPrecision.exp(score(rule, j));
        sum = sum.add(weights[j], DIGITS);
      }
      if (rule.sink(head) != Double.NEGATIVE_INFINITY) {
        sum = sum.add(HighPrecision.exp(new BigDecimal(rule.sink(head))), DIGITS);
      }
      this.total = sum;
    }

    private BigDecimal score(ScoreRule rule, int j) {
      BigDecimal score = BigDecimal.ZERO;
      for (int i = 0; i < problem.dim(); i++) {
        score = score.add(new BigDecimal(query[i]).multiply(new BigDecimal(keys[j][i])));
      }
      score = score.multiply(new BigDecimal(rule.scale()), DIGITS);
      if (rule.softCap().isPresent()) {
        BigDecimal cap = new BigDecimal(rule.softCap().getAsDouble());
        BigDecimal e = HighPrecision.exp(score.multiply(BigDecimal.valueOf(2)).divide(cap, DIGITS));
        score =
            e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS).multiply(cap, DIGITS);
      }
      if (!rule.alibiSlopes().isEmpty()) {
        BigDecimal slope = new BigDecimal(rule.alibiSlopes().get(head));
        score = score.subtract(slope.multiply(BigDecimal.valueOf(last - j)));
      }
      return score;
    }

    BigDecimal output(int component) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int j = first; j <= last; j++) {
        sum = sum.add(weights[j].multiply(new BigDecimal(values[j][component])), DIGITS);
      }
      return sum.divide(total, DIGITS);
    }

    /** As {@link AttentionErrorBound} has it, for inputs that are the same. */
    double bound(int component, int shards) {
      double[] sink = formula.sink(head).stream().toArray();
      int visible = last + 1 - first;
      double[] scores = new double[visible + sink.length];
      double[] errors = new double[scores.length];
      double[] own = new double[scores.length];
      for (int j = first; j <= last; j++) {
        double dot = 0;
        double magnitude = 0;
        for (int i = 0; i < problem.dim(); i++) {
          dot += query[i] * keys[j][i];
          magnitude += Math.abs(query[i] * keys[j][i]);
        }
        double scaledError =
            SLACK * formula.scaled(2 * gamma(problem.dim() + 4) * magnitude)
                + 2 * problem.dim() * UNDERFLOW;
        scores[j - first] = formula.of(dot, head, last - j);
        errors[j - first] = new ScoreErrorBound(formula).of(dot, scaledError, head, last - j);
        own[j - first] = values[j][component];
      }
      if (sink.length > 0) {
        scores[visible] = sink[0];
        errors[visible] = ScoreErrorBound.ofSink(sink[0]);
      }
      int smallTiles = formula.isWindowed() ? 1 : 0;
      SoftmaxErrorBound bound = new SoftmaxErrorBound(scores, errors, shards, smallTiles);
      return bound.of(own, new double[own.length]);
    }

    @Override
    public String toString() {
      return Arrays.toString(weights);
    }
  }
}
