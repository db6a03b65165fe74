package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.bounds.ShardedEmulation.Fault;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.compare.ErrorAccumulator;
import dev.helix.tensor.compare.ErrorReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way that an error takes through attention, with the other ways closed. */
final class AttentionErrorTermsTest {
  private static final AttentionShape SHAPE = new AttentionShape(16, 4, 2, 8);
  private static final int TOKENS = 12;

  /** The one component of the input that is in error. */
  private static final int COMPONENT = 2;

  /** Projections that see the component, and the position at which it is in error. */
  @ParameterizedTest
  @CsvSource({
    "query, 11",
    "key, 0",
    "key, 5",
    "key, 11",
    "value, 0",
    "value, 5",
    "value, 11",
  })
  void anInputErrorArrivesThroughThisProjectionOfThisPositionAlone(String open, int position) {
    AttentionProblem problem = problem();
    close(problem.wq, !open.equals("query"));
    close(problem.wk, !open.equals("key"));
    close(problem.wv, !open.equals("value"));
    double error = 1e-6;
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound bound = new AttentionErrorBound(baseline, 3);
    ShardedEmulation sharded = new ShardedEmulation(problem, 3, 1, Fault.NONE);
    ErrorAccumulator last = new ErrorAccumulator();
    for (int t = 0; t < TOKENS; t++) {
      double[] x = problem.inputs[t];
      double[] moved = x.clone();
      double[] inputError = new double[SHAPE.hidden()];
      if (t == position) {
        moved[COMPONENT] += 0.999 * error;
        inputError[COMPONENT] = error;
      }
      double[] expected = baseline.step(x);
      double[] actual = sharded.step(moved);
      double[] allowed = bound.step(x, inputError);
      if (t == TOKENS - 1) {
        last.addAll(actual, expected, allowed);
      }
    }
    ErrorReport report = last.report();
    assertTrue(report.passed(), report::toString);
    assertTrue(report.worstShare() > 1e-2 && report.maxAbs() > 1e-10, report::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void eachKvHeadHasABoundOfItsOwn(int largeHead) {
    AttentionProblem problem = problem();
    int half = problem.wv.length / 2;
    for (int i = 0; i < half; i++) {
      problem.wv[largeHead * half + i] *= 1e12;
    }
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound bound = new AttentionErrorBound(baseline, 3);
    ShardedEmulation sharded = new ShardedEmulation(problem, 3, 1, Fault.NONE);
    ErrorAccumulator errors = new ErrorAccumulator();
    for (double[] x : problem.inputs) {
      double[] expected = baseline.step(x);
      errors.addAll(sharded.step(x), expected, bound.step(x));
    }
    ErrorReport report = errors.report();
    assertTrue(report.passed() && report.worstShare() > 1e-4, report::toString);
  }

  private static void close(double[] weight, boolean closed) {
    for (int row = 0; closed && row < weight.length / SHAPE.hidden(); row++) {
      weight[row * SHAPE.hidden() + COMPONENT] = 0;
    }
  }

  private static AttentionProblem problem() {
    return AttentionProblem.random(SHAPE, RopeParameters.of(5e5), TOKENS, 77);
  }
}
