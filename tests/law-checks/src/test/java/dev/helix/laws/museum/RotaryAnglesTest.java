package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionHardCase;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.rotary.RotaryAngles;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels of single precision that turn queries and keys themselves, far from position 0. */
class RotaryAnglesTest {
  private static final int FAR = 65_535;
  private static final int FARTHEST = (1 << 20) - 1;

  /** BF16 has 8 bits: positions are rounded by up to 128 here, and by up to 2,048 there. */
  @ParameterizedTest
  @ValueSource(ints = {FAR, FARTHEST})
  void positionsRoundedToBf16FallUnderEachRuleWhereAnglesAreDouble(int from) {
    Kernel faulty =
        new Kernel(RotaryAngles.IN_DOUBLE, p -> p < from ? p : (int) DType.BF16.round(p));
    for (AttentionCase given : rotated(faulty)) {
      String violation = tried(faulty, given).violation().orElse("none");
      assertTrue(violation.contains("from position %d on".formatted(from)), violation);
    }
  }

  @Test
  void rightAnglesOfDoublePrecisionAreTriedUpToTheFarthestPosition() {
    Kernel right = new Kernel(RotaryAngles.IN_DOUBLE, p -> p);
    for (AttentionCase given : rotated(right)) {
      assertTrue(tried(right, given).holds());
      assertTrue(right.lastAsked >= FARTHEST, given::toString);
    }
  }

  /** At position 2^20 a product of single precision is off by 0.03 radians, and a power by more. */
  @Test
  void whereBoundsOfSinglePrecisionTellNothingNoRuleIsTried() {
    Kernel right = new Kernel(RotaryAngles.IN_FORMAT, p -> p);
    Kernel still = new Kernel(RotaryAngles.IN_FORMAT, p -> p < FAR ? p : 0);
    int far = 0;
    for (AttentionCase given : rotated(right)) {
      assertTrue(tried(right, given).holds());
      assertTrue(right.lastAsked < FARTHEST, given::toString);
      boolean isTriedFar = right.lastAsked >= FAR;
      assertEquals(isTriedFar, !tried(still, given).holds(), given::toString);
      far += isTriedFar ? 1 : 0;
    }
    assertFalse(far == 0);
  }

  private static LawOutcome tried(Kernel kernel, AttentionCase given) {
    kernel.lastAsked = 0;
    return LawSuite.once(Law.ATTENTION_POSITIONS, kernel.laws(), given);
  }

  private static List<AttentionCase> rotated(AttentionUnderTest kernel) {
    return kernel.laws().cases(1, 0).stream()
        .filter(given -> given.hard().contains(AttentionHardCase.ROTATED))
        .toList();
  }

  /** Right but for the positions by which it turns. */
  private static final class Kernel implements AttentionUnderTest {
    private final RotaryAngles angles;
    private final IntUnaryOperator used;
    private int lastAsked;

    Kernel(RotaryAngles angles, IntUnaryOperator used) {
      this.angles = angles;
      this.used = used;
    }

    @Override
    public Convention convention() {
      return Convention.of(Precision.FP32);
    }

    @Override
    public Set<AttentionFeature> features() {
      return EnumSet.allOf(AttentionFeature.class);
    }

    @Override
    public RotaryAngles angles() {
      return angles;
    }

    @Override
    public Partial attend(AttentionInput shard) {
      lastAsked = Math.max(lastAsked, Arrays.stream(shard.queryPositions()).max().orElseThrow());
      return new PlainAttention() {
        @Override
        double product(AttentionInput in, int token, int head, int slot) {
          PlainRotation rotation = new PlainRotation(in.rotary().orElseThrow());
          int dim = in.keyDim();
          int query = used.applyAsInt(in.queryPositions()[token]);
          int key = used.applyAsInt(in.slotPositions()[slot]);
          double[] turnedQuery =
              rotation.turned(in.queries(), (token * in.heads() + head) * dim, dim, query);
          double[] turnedKey = rotation.turned(in.keys(), slot * dim, dim, key);
          double dot = 0;
          for (int i = 0; i < dim; i++) {
            dot += turnedQuery[i] * turnedKey[i];
          }
          return dot * in.scale() * rotation.scoreFactor();
        }
      }.partial(shard);
    }
  }
}
