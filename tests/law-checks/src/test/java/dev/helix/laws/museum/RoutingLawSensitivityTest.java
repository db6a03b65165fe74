package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each law of routing can be broken, also by faults that are in no museum. */
class RoutingLawSensitivityTest {
  /** Where all rankings are negative, an expert of a dropped group is the best. */
  @Test
  void droppedGroupsThatAreMarkedByZeroAreFound() {
    killed(
        Law.ROUTING_CHOICE,
        new PlainRouting() {
          @Override
          double dropped() {
            return 0;
          }
        });
  }

  @Test
  void groupsOfTheBestExpertAloneAreFound() {
    killed(
        Law.ROUTING_CHOICE,
        new PlainRouting() {
          @Override
          int counted(GroupScore score, int size) {
            return 1;
          }
        });
  }

  @Test
  void groupsOfAllTheirExpertsAreFound() {
    killed(
        Law.ROUTING_CHOICE,
        new PlainRouting() {
          @Override
          int counted(GroupScore score, int size) {
            return score == GroupScore.BEST_TWO ? size : 1;
          }
        });
  }

  @Test
  void theLastOfEqualsIsFound() {
    killed(
        Law.ROUTING_CHOICE,
        new PlainRouting() {
          @Override
          int[] best(double[] values, int count) {
            return IntStream.range(0, values.length)
                .map(i -> values.length - 1 - i)
                .boxed()
                .sorted((a, b) -> Double.compare(values[b], values[a]))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
          }
        });
  }

  /** Only from expert 64 on: as a kernel does that has a warp for so many. */
  @Test
  void expertsBeyondATileThatAreNeverChosenAreFound() {
    killed(
        Law.ROUTING_CHOICE,
        new PlainRouting() {
          @Override
          int[] best(double[] values, int count) {
            return super.best(values.length > 64 ? Arrays.copyOf(values, 64) : values, count);
          }
        });
  }

  @Test
  void weightsOfBiasedScoresAreFound() {
    killed(
        Law.ROUTING_WEIGHTS,
        new PlainRouting() {
          @Override
          double gate(int expert, double[] scores, RoutingInput input) {
            return scores[expert] + input.bias()[expert];
          }
        });
  }

  @Test
  void aScaleThatIsForgottenIsFound() {
    killed(
        Law.ROUTING_WEIGHTS,
        new PlainRouting() {
          @Override
          double scaled(RoutingRule rule, double weight) {
            return weight;
          }
        });
  }

  /** The scale comes before the weights are divided by their sum, and goes with it. */
  @Test
  void aScaleThatIsNormalisedAwayIsFound() {
    killed(
        Law.ROUTING_WEIGHTS,
        new PlainRouting() {
          @Override
          double scaled(RoutingRule rule, double weight) {
            return rule.weighting().renormalised() ? weight : super.scaled(rule, weight);
          }
        });
  }

  /** Tokens share what is marked as taken. */
  @Test
  void aTokenThatDependsOnAnotherIsFound() {
    killed(
        Law.ROUTING_TOKENS,
        new PlainRouting() {
          private int calls;

          @Override
          double scaled(RoutingRule rule, double weight) {
            return super.scaled(rule, weight) * (calls++ % 7 == 6 ? 1.001 : 1);
          }
        });
  }

  @Test
  void nanThatIsTheLeastOfAllIsFound() {
    killed(
        Law.ROUTING_NAN_IS_REPORTED,
        new PlainRouting() {
          @Override
          int[] best(double[] values, int count) {
            return super.best(
                Arrays.stream(values)
                    .map(x -> Double.isNaN(x) ? Double.NEGATIVE_INFINITY : x)
                    .toArray(),
                count);
          }
        });
  }

  /** As by a search for the greatest that begins with expert 0 and compares with >. */
  @Test
  void nanOfTheFirstExpertThatIsLostIsFound() {
    killed(
        Law.ROUTING_NAN_IS_REPORTED,
        new PlainRouting() {
          @Override
          double logit(int expert, double z) {
            return expert == 0 && Double.isNaN(z) ? -30 : z;
          }
        });
  }

  private static void killed(Law law, PlainRouting faulty) {
    for (long seed = 1; seed <= 3; seed++) {
      assertFalse(LawSuite.verdict(law, faulty, seed, 60).holds(), "seed " + seed);
    }
    LawOutcome outcome = LawSuite.run(law, faulty, 1, 0);
    assertFalse(outcome.refused(), () -> outcome.violation().orElseThrow());
    assertTrue(outcome.violation().orElseThrow().contains(" by the rule s"), outcome::toString);
  }
}
