package dev.helix.attention.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.bounds.AttentionProblem;
import dev.helix.attention.rotary.RopeParameters;
import org.junit.jupiter.api.Test;

final class UnshardedAttentionTest {
  private static final RopeParameters ROPE = RopeParameters.of(100);

  /** H = Q·Hsz = 4, so that the output projection can be the identity. */
  private static final AttentionShape SHAPE = new AttentionShape(4, 2, 1, 2);

  private static final double[] IDENTITY = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
  private static final double[] FIRST_TWO = {1, 0, 0, 0, 0, 1, 0, 0};

  @Test
  void aSingleTokenReceivesItsOwnValueInEveryHead() {
    UnshardedAttention attention = identity();
    assertArrayEquals(new double[] {3, 5, 3, 5}, attention.step(new double[] {3, 5, 7, 11}));
  }

  @Test
  void equalScoresAverageTheValues() {
    UnshardedAttention attention =
        new UnshardedAttention(SHAPE, ROPE, new double[16], new double[8], FIRST_TWO, IDENTITY);
    attention.step(new double[] {1, 2, 0, 0});
    attention.step(new double[] {2, 4, 0, 0});
    assertArrayEquals(
        new double[] {2, 4, 2, 4}, attention.step(new double[] {3, 6, 0, 0}), 0x1p-50);
  }

  @Test
  void twoTokensByHand() {
    // Values ignore what keys see. With q = k = (1, 0) at positions 0 and 1, the scores are
    // cos(1)/√2 and 1/√2.
    double[] valuesFromTheLastTwo = {0, 0, 1, 0, 0, 0, 0, 1};
    UnshardedAttention attention =
        new UnshardedAttention(SHAPE, ROPE, IDENTITY, FIRST_TWO, valuesFromTheLastTwo, IDENTITY);
    attention.step(new double[] {1, 0, 10, 0});
    double[] out = attention.step(new double[] {1, 0, 0, 1});
    double first = Math.exp(Math.cos(1) / Math.sqrt(2));
    double second = Math.exp(1 / Math.sqrt(2));
    assertEquals(10 * first / (first + second), out[0], 1e-14);
    assertEquals(second / (first + second), out[1], 1e-15);
  }

  @Test
  void queryHeadsShareKvHeadsInRuns() {
    AttentionShape shape = new AttentionShape(2, 4, 2, 2);
    double[] firstKvHeadOnly = {1, 0, 0, 1, 0, 0, 0, 0};
    for (int head = 0; head < 4; head++) {
      double[] readsOneHead = new double[16];
      readsOneHead[head * 2] = 1;
      UnshardedAttention attention =
          new UnshardedAttention(
              shape, ROPE, new double[16], new double[8], firstKvHeadOnly, readsOneHead);
      double[] out = attention.step(new double[] {7, 9});
      assertArrayEquals(new double[] {head < 2 ? 7 : 0, 0}, out, "query head " + head);
    }
  }

  @Test
  void theOrderOfTokensMatters() {
    double[][] inputs = {{1, 0, 0, 0}, {0, 1, 1, 0}, {1, 1, 0, 0}};
    UnshardedAttention forward = identity();
    forward.step(inputs[0]);
    forward.step(inputs[1]);
    UnshardedAttention swapped = identity();
    swapped.step(inputs[1]);
    swapped.step(inputs[0]);
    assertNotEquals(forward.step(inputs[2])[0], swapped.step(inputs[2])[0], 1e-6);
  }

  @Test
  void requestsThatShareWeightsDoNotShareTokens() {
    AttentionProblem problem = AttentionProblem.random(new AttentionShape(8, 2, 1, 4), ROPE, 6, 1);
    UnshardedAttention alone = problem.baseline();
    UnshardedAttention disturbed = problem.baseline();
    UnshardedAttention other = problem.baseline();
    for (int t = 0; t < 6; t++) {
      other.step(problem.inputs[5 - t]);
      assertArrayEquals(alone.step(problem.inputs[t]), disturbed.step(problem.inputs[t]));
    }
    assertEquals(6, alone.tokens());
  }

  @Test
  void anInputThatIsNotANumberDoesNotPassForOne() {
    assertTrue(Double.isNaN(identity().step(new double[] {Double.NaN, 0, 0, 0})[0]));
  }

  @Test
  void sizesAreChecked() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnshardedAttention(SHAPE, ROPE, FIRST_TWO, FIRST_TWO, FIRST_TWO, IDENTITY));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnshardedAttention(SHAPE, ROPE, IDENTITY, IDENTITY, FIRST_TWO, IDENTITY));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnshardedAttention(SHAPE, ROPE, IDENTITY, FIRST_TWO, IDENTITY, IDENTITY));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnshardedAttention(SHAPE, ROPE, IDENTITY, FIRST_TWO, FIRST_TWO, FIRST_TWO));
    assertThrows(IllegalArgumentException.class, () -> identity().step(new double[3]));
  }

  private static UnshardedAttention identity() {
    return new UnshardedAttention(SHAPE, ROPE, IDENTITY, FIRST_TWO, FIRST_TWO, IDENTITY);
  }
}
