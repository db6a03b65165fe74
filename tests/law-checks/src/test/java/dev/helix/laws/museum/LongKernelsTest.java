package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.attention.AttentionCases;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.readings.BuiltInAttention;
import dev.helix.laws.tokens.Needle;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels that are right on short shards and wrong on those of a million tokens. */
class LongKernelsTest {
  /** What 16 bits count. */
  private static final int SHORT = 1 << 16;

  @Test
  void aShardThatIsCutAt65536SlotsIsSeen() {
    assertSeen(
        new PlainAttention() {
          @Override
          boolean visible(AttentionInput in, int token, int slot) {
            return slot < SHORT && super.visible(in, token, slot);
          }
        });
  }

  @Test
  void anOffsetOfKeysThatWrapsIsSeen() {
    assertSeen(
        new PlainAttention() {
          @Override
          double product(AttentionInput in, int token, int head, int slot) {
            return super.product(in, token, head, slot % SHORT);
          }
        });
  }

  /** BF16 has whole numbers to 256; the query in the middle sees some 2,000 tokens after itself. */
  @Test
  void aMaskOfPositionsInBf16IsSeen() {
    assertSeen(
        new PlainAttention() {
          private AttentionInput last;
          private int[] positions;

          @Override
          boolean visible(AttentionInput in, int token, int slot) {
            if (in != last) {
              last = in;
              positions = in.slotPositions();
            }
            int query = in.queryPositions()[token];
            return positions[slot] >= 0
                && DType.BF16.round(positions[slot]) <= DType.BF16.round(query);
          }
        });
  }

  /** Each placement is tried alone. */
  private static void assertSeen(PlainAttention faulty) {
    AttentionUnderTest kernel = PlainAttention.adapter(faulty);
    for (Needle needle : Needle.least()) {
      String violation = tried(kernel, needle).violation().orElse("none");
      assertTrue(violation.contains("shard "), () -> needle + ": " + violation);
      assertTrue(violation.length() < 1000, violation);
    }
  }

  static Stream<Needle> needles() {
    return Needle.all().stream();
  }

  /** All lengths, numbers of shards and placements, by the readings that hold such a shard. */
  @ParameterizedTest
  @MethodSource("needles")
  @EnabledIfSystemProperty(named = "helix.nightly", matches = "true")
  void theReadingsFindEveryNeedle(Needle needle) {
    BuiltInAttention.all()
        .forEach(
            (name, kernel) -> {
              boolean holdsSuch = kernel.features().contains(AttentionFeature.MILLION_TOKENS);
              LawOutcome outcome = tried(kernel, needle);
              assertTrue(
                  outcome.holds() && outcome.checked() == holdsSuch,
                  () -> name + ": " + outcome.violation());
            });
  }

  private static LawOutcome tried(AttentionUnderTest kernel, Needle needle) {
    List<AttentionCase> cases =
        AttentionCases.needles(
            kernel.convention().precision(), kernel.features(), 1, List.of(needle));
    return LawSuite.run(Law.ATTENTION_NEEDLE, kernel.laws(), cases);
  }
}
