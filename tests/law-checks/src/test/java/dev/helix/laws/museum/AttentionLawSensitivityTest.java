package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.attention.AttentionHardCase;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.states.Partial;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the laws of partial attention have to see in a faulty kernel, by their hard cases alone. */
class AttentionLawSensitivityTest {
  /** Where tiles of GPU kernels end, and where pages do. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 15, 16, 63, 64, 127, 128})
  void aSlotThatIsNotReadIsSeen(int lost) {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          boolean visible(AttentionInput in, int token, int slot) {
            return slot != lost && super.visible(in, token, slot);
          }
        };
    assertKilled(faulty, Law.ATTENTION_DEFINITION, "the output");
    assertKilled(faulty, Law.ATTENTION_PARTITION, "the shards, merged");
  }

  /** The first shard alone would not show it. */
  @Test
  void paddingThatIsReadOnALaterShardIsSeen() {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          boolean visible(AttentionInput in, int token, int slot) {
            boolean padding = in.slotPositions()[slot] < 0;
            return (padding && !in.countsSink()) || super.visible(in, token, slot);
          }
        };
    assertKilled(faulty, Law.ATTENTION_PADDING, "changed the result");
  }

  /** Nor would all tokens together. */
  @Test
  void constantValuesThatDoNotReturnFromALaterShardAreSeen() {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          double valueScale(AttentionInput in) {
            return super.valueScale(in) * (in.slotPositions()[0] > 0 ? 1 + 1e-9 : 1);
          }
        };
    assertKilled(faulty, Law.ATTENTION_CONSTANT_VALUES, "all values are the same");
  }

  @Test
  void exponentialsOfRawScoresAreSeen() {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          double reference(double greatest) {
            return 0;
          }
        };
    assertKilled(faulty, Law.ATTENTION_DEFINITION, "the answer is");
    assertKilled(faulty, Law.ATTENTION_PARTITION, "");
    assertKilled(faulty, Law.ATTENTION_CONSTANT_VALUES, "the answer is NaN");
  }

  /** A latent of 512 is read, the rotary key behind it is not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 512, 575})
  void keyComponentsFromAnyOnAreSeen(int first) {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          double product(AttentionInput in, int token, int head, int slot) {
            double left = 0;
            double[] queries = in.queries();
            double[] keys = in.keys();
            int kvHead = head / (in.heads() / in.kvHeads());
            for (int i = first; i < in.keyDim(); i++) {
              left +=
                  queries[(token * in.heads() + head) * in.keyDim() + i]
                      * keys[(slot * in.kvHeads() + kvHead) * in.keyDim() + i];
            }
            return super.product(in, token, head, slot) - left * in.scale() * in.keyScale();
          }
        };
    assertKilled(faulty, Law.ATTENTION_DEFINITION, "");
  }

  /** Scores of the wrong sign: one token shows it, whatever it was found on. */
  @Test
  void theSimplestCaseIsShownWithItsNumbers() {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          double product(AttentionInput in, int token, int head, int slot) {
            return -super.product(in, token, head, slot);
          }
        };
    LawOutcome outcome = LawSuite.run(Law.ATTENTION_DEFINITION, plain(faulty), 1, 0);
    String message = outcome.violation().orElseThrow();
    assertTrue(
        message.contains("1 query tokens at [0], 1 heads on 1 KV heads, keys of 1"), message);
    assertTrue(message.contains("queries [tokens, heads, keyDim] [1.0]"), message);
    assertTrue(message.contains("keys [context, kvHeads, keyDim] [1.0]"), message);
  }

  /** A sum over the first tile is not rescaled if all that was left of it is 0. */
  @ParameterizedTest
  @ValueSource(ints = {3, 16, 64, 96})
  void aLowTileThatIsNotRescaledAwayIsSeen(int tile) {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          double product(AttentionInput in, int token, int head, int slot) {
            double score = super.product(in, token, head, slot);
            double first = greatest(in, token, head, 0, Math.min(tile, in.slots()));
            double later = greatest(in, token, head, Math.min(tile, in.slots()), in.slots());
            boolean kept = slot < tile && Math.exp(first - later) == 0 && !Double.isInfinite(first);
            return kept ? score - first + later : score;
          }

          private double greatest(AttentionInput in, int token, int head, int from, int to) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int slot = from; slot < to; slot++) {
              if (visible(in, token, slot)) {
                greatest = Math.max(greatest, super.product(in, token, head, slot));
              }
            }
            return greatest;
          }
        };
    Predicate<AttentionCase> low = given -> given.hard().contains(AttentionHardCase.LOW_PAGE_FIRST);
    assertKilled(faulty, Law.ATTENTION_DEFINITION, "off by", 20, low);
  }

  /** A guard against overflow that makes zeros of NaN, and no tokens of their log-sum-exps. */
  @Test
  void nanThatIsMadeANumberIsSeen() {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          Partial finished(AttentionInput in, double[] outputs, double[] lses) {
            return new Partial(withoutNan(outputs, 0), withoutNan(lses, Double.NEGATIVE_INFINITY));
          }
        };
    assertKilled(faulty, Law.ATTENTION_NAN_IS_REPORTED, "came out as");
    for (Law law : Law.at(Seam.ATTENTION)) {
      boolean holds = LawSuite.verdict(law, plain(faulty), 1, 0).holds();
      assertEquals(law != Law.ATTENTION_NAN_IS_REPORTED, holds, law::label);
    }
  }

  private static double[] withoutNan(double[] numbers, double instead) {
    return Arrays.stream(numbers).map(x -> Double.isNaN(x) ? instead : x).toArray();
  }

  /** Weight 0 times what is not seen: tokens of the same step, or before the window. */
  @Test
  void nanInATokenThatIsNotSeenIsSeenToSpread() {
    PlainAttention faulty =
        new PlainAttention() {
          @Override
          Partial finished(AttentionInput in, double[] outputs, double[] lses) {
            double[] values = in.values();
            for (int slot = 0; slot < in.slots() && in.slotPositions()[slot] >= 0; slot++) {
              for (int at = 0; at < outputs.length; at++) {
                int head = at / in.valueDim() % in.heads() / (in.heads() / in.kvHeads());
                int of = (slot * in.kvHeads() + head) * in.valueDim() + at % in.valueDim();
                outputs[at] += 0 * values[of];
              }
            }
            return new Partial(outputs, lses);
          }
        };
    assertKilled(faulty, Law.ATTENTION_NAN_IS_REPORTED, "changed token");
    assertTrue(LawSuite.verdict(Law.ATTENTION_PADDING, plain(faulty), 1, 0).holds());
  }

  private static AttentionUnderTest plain(PlainAttention attention) {
    return AttentionUnderTest.of(Convention.of(Precision.FP64), attention::partial);
  }

  private static void assertKilled(PlainAttention faulty, Law law, String shown) {
    assertKilled(faulty, law, shown, 1, given -> true);
  }

  private static void assertKilled(
      PlainAttention faulty, Law law, String shown, int seeds, Predicate<AttentionCase> by) {
    SeamTrials<AttentionCase> laws = plain(faulty).laws();
    assertTrue(
        LongStream.rangeClosed(1, seeds)
            .boxed()
            .flatMap(seed -> laws.cases(seed, 0).stream())
            .filter(by)
            .flatMap(given -> LawOutcome.of(law, laws.trial(law, given)).violation().stream())
            .anyMatch(message -> message.contains(shown)),
        () -> "no hard case breaks the law %s by '%s'".formatted(law, shown));
  }
}
