package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.head.HeadInput;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Each law of the head can be broken, also by faults that are in no museum. */
class HeadLawSensitivityTest {
  /** The maximum begins at 0, with word 0: nothing negative beats it. */
  @Test
  void aMaximumThatBeginsAtZeroIsFound() {
    killed(
        Law.HEAD_CHOICE,
        new PlainHead() {
          @Override
          int chosen(double[] gathered, HeadInput input) {
            int best = 0;
            double greatest = 0;
            for (int word = 0; word < input.vocabulary(); word++) {
              best = gathered[word] > greatest ? word : best;
              greatest = Math.max(greatest, gathered[word]);
            }
            return best;
          }
        });
  }

  @Test
  void theLastOfEqualsIsFound() {
    killed(
        Law.HEAD_CHOICE,
        new PlainHead() {
          @Override
          int chosen(double[] gathered, HeadInput input) {
            int best = 0;
            for (int word = 0; word < input.vocabulary(); word++) {
              best = gathered[word] >= gathered[best] ? word : best;
            }
            return best;
          }
        });
  }

  /** A word's number among those of its rank. */
  @Test
  void aLocalWordIsFound() {
    killed(
        Law.HEAD_CHOICE,
        new PlainHead() {
          @Override
          int chosen(double[] gathered, HeadInput input) {
            return super.chosen(gathered, input) % input.share();
          }
        });
  }

  /** ⌊V/N⌋ words of each rank: what is left over is never computed. */
  @Test
  void sharesThatAreRoundedDownAreFound() {
    killed(
        Law.HEAD_LOGITS,
        new PlainHead() {
          @Override
          double[] shard(HeadInput input, int row, int rank) {
            double[] own = super.shard(input, row, rank);
            int words = input.vocabulary() / input.ranks();
            Arrays.fill(own, Math.min(own.length, words), own.length, 0);
            return own;
          }
        });
  }

  @Test
  void aRowThatIsMadeOfAnotherIsFound() {
    killed(
        Law.HEAD_ROWS,
        new PlainHead() {
          @Override
          double[] shard(HeadInput input, int row, int rank) {
            return super.shard(input, rank == 1 ? 0 : row, rank);
          }
        });
  }

  @Test
  void nanThatIsMadeANumberIsFound() {
    killed(
        Law.HEAD_NAN_IS_REPORTED,
        new PlainHead() {
          @Override
          double[] shard(HeadInput input, int row, int rank) {
            return Arrays.stream(super.shard(input, row, rank))
                .map(x -> Double.isNaN(x) ? 0 : x)
                .toArray();
          }
        });
  }

  private static void killed(Law law, PlainHead faulty) {
    for (long seed = 1; seed <= 3; seed++) {
      assertFalse(LawSuite.verdict(law, faulty, seed, 60).holds(), "seed " + seed);
    }
    LawOutcome outcome = LawSuite.run(law, faulty, 1, 0);
    assertFalse(outcome.refused(), () -> outcome.violation().orElseThrow());
    assertTrue(outcome.violation().orElseThrow().contains(" words on "), outcome::toString);
  }
}
