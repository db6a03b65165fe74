package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.baseline.RotaryFormula;
import dev.helix.attention.bounds.ShardedEmulation.Fault;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RotaryErrorBoundTest {
  private static final int[] POSITIONS = {0, 1, 17, 4095, 131_071, 1_000_000};

  record Rope(int headDim, RopeParameters parameters) {}

  static Stream<Rope> ropes() {
    return Stream.of(
        new Rope(8, RopeParameters.of(5e5)),
        new Rope(6, RopeParameters.of(1e4)),
        new Rope(128, RopeParameters.of(1e6)),
        new Rope(96, RopeParameters.of(10)),
        new Rope(64, new RopeParameters(5e5, Optional.of(new Llama3Scaling(8, 1, 4, 8192)))),
        new Rope(128, new RopeParameters(5e5, Optional.of(new Llama3Scaling(32, 1, 4, 8192)))),
        new Rope(80, new RopeParameters(1e4, Optional.of(new Llama3Scaling(1.5, 1, 1.25, 64)))));
  }

  @ParameterizedTest
  @MethodSource("ropes")
  void twoWaysToRotateStayWithinTheBoundOfTheExactTurnAndUseMoreThanATenThousandth(Rope rope) {
    AttentionProblem problem = problem(rope);
    ExactAttention exact = new ExactAttention(problem);
    RotaryFormula formula = new RotaryFormula(rope.parameters(), rope.headDim());
    ShardedEmulation emulation = new ShardedEmulation(problem, 1, 1, Fault.NONE);
    RotaryErrorBound bound = new RotaryErrorBound(formula, rope.parameters(), rope.headDim());
    double[] heads = heads(rope);
    for (int position : POSITIONS) {
      double[] allowed = bound.of(heads, new double[heads.length], position);
      BigDecimal[] truth = exact.rotated(ExactAttention.exact(heads), position);
      double[] first = formula.rotated(heads, position);
      double[] second = emulation.rotated(heads, position);
      double worst = 0;
      for (int i = 0; i < heads.length; i++) {
        double error =
            HighPrecision.error(first[i], truth[i]) + HighPrecision.error(second[i], truth[i]);
        String where = "position " + position + ", component " + i + ": ";
        assertTrue(error <= allowed[i], () -> where + error + " exceeds the bound");
        worst = Math.max(worst, error / allowed[i]);
      }
      double used = worst;
      assertTrue(
          position == 0 || used >= 1e-4,
          () -> "position " + position + ": only " + used + " of the bound is used");
    }
  }

  @ParameterizedTest
  @MethodSource("ropes")
  void frequenciesInSinglePrecisionExceedTheBound(Rope rope) {
    RotaryFormula formula = new RotaryFormula(rope.parameters(), rope.headDim());
    RotaryErrorBound bound = new RotaryErrorBound(formula, rope.parameters(), rope.headDim());
    double[] heads = heads(rope);
    double[] allowed = bound.of(heads, new double[heads.length], 4095);
    double[] turned = formula.rotated(heads, 4095);
    int pair = 1;
    double angle = 4095 * (double) (float) formula.frequency(pair);
    double single =
        heads[pair] * Math.cos(angle) - heads[pair + rope.headDim() / 2] * Math.sin(angle);
    assertTrue(Math.abs(single - turned[pair]) > 100 * allowed[pair]);
  }

  @ParameterizedTest
  @MethodSource("ropes")
  void inputErrorsTurnWithTheHeads(Rope rope) {
    RotaryFormula formula = new RotaryFormula(rope.parameters(), rope.headDim());
    RotaryErrorBound bound = new RotaryErrorBound(formula, rope.parameters(), rope.headDim());
    double[] heads = heads(rope);
    double[] moved = heads.clone();
    double[] error = new double[heads.length];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < heads.length; i++) {
      error[i] = Math.pow(10, -3 * random.nextDouble());
      moved[i] += random.nextBoolean() ? 0.999 * error[i] : -0.999 * error[i];
    }
    for (int position : POSITIONS) {
      double[] allowed = bound.of(heads, error, position);
      double[] first = formula.rotated(heads, position);
      double[] second = formula.rotated(moved, position);
      double worst = 0;
      for (int i = 0; i < heads.length; i++) {
        worst = Math.max(worst, Math.abs(first[i] - second[i]) / allowed[i]);
      }
      assertTrue(worst <= 1 && worst > 0.5, "share " + worst);
    }
  }

  @Test
  void nothingTurnsAtPositionZero() {
    Rope rope = new Rope(8, RopeParameters.of(5e5));
    double[] heads = heads(rope);
    assertArrayEquals(heads, new RotaryFormula(rope.parameters(), 8).rotated(heads, 0));
  }

  private static AttentionProblem problem(Rope rope) {
    return AttentionProblem.random(
        new AttentionShape(2, 2, 2, rope.headDim()), rope.parameters(), 1, 5);
  }

  /** Two heads, {@code [2·headDim]}. */
  private static double[] heads(Rope rope) {
    SplittableRandom random = new SplittableRandom(11);
    return random.doubles(2L * rope.headDim(), -1, 1).toArray();
  }
}
