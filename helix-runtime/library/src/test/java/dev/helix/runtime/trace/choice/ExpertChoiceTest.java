package dev.helix.runtime.trace.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.ffn.Routing;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.tensor.Group;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpertChoiceTest {
  private static final RouterRule R1 =
      new RouterRule(Scoring.SIGMOID, 256, 8, 8, 4, GroupScore.BEST_TWO, true, 2.5);

  private static RouterRule rule(int experts, int k, int groups, int kept, GroupScore score) {
    return new RouterRule(Scoring.SIGMOID, experts, k, groups, kept, score, true, 1);
  }

  private static ExpertParallelSharding over(RouterRule rule, int ranks) {
    return new ExpertParallelSharding(
        new MoeShape(4, rule.experts(), 4, 0),
        new Group("experts", IntStream.range(0, ranks).boxed().toList()));
  }

  @ParameterizedTest
  @CsvSource({
    "256, 8, 8, 4, BEST_TWO",
    "256, 8, 8, 4, BEST",
    "160, 6, 8, 3, BEST",
    "8, 2, 4, 2, BEST_TWO",
    "12, 5, 4, 2, BEST_TWO",
    "12, 6, 4, 1, BEST",
    "6, 3, 6, 4, BEST"
  })
  void theChancesOfAllSplitsAddUpToOne(int experts, int k, int groups, int kept, GroupScore score) {
    // What is seen is at most 3e-14; an error of a formula shows in the first digits.
    int some = Math.min(k, experts / groups * kept);
    List<GroupSplits.Split> splits = GroupSplits.of(rule(experts, some, groups, kept, score));
    assertEquals(1, splits.stream().mapToDouble(GroupSplits.Split::chance).sum(), 1e-12);
  }

  /** If the best expert alone makes the score, the order of the experts decides: all 6! orders. */
  @ParameterizedTest
  @CsvSource({"2, 3, 1", "2, 3, 2", "3, 3, 2", "3, 2, 1", "2, 2, 1"})
  void groupsByTheirBestAreChosenAsOftenAsAllOrdersSay(int k, int groups, int kept) {
    RouterRule rule = rule(6, k, groups, kept, GroupScore.BEST);
    ExpertRouter router = new ExpertRouter(rule, new double[6]);
    int[] reached = new int[6];
    int[] orders = new int[1];
    permute(
        new double[] {0, 1, 2, 3, 4, 5},
        0,
        logits -> {
          orders[0]++;
          List<Integer> chosen = router.route(logits, 1).tokens().get(0).experts();
          for (int width = 1; width <= 5; width++) {
            ExpertRange own = new ExpertRange(0, width);
            reached[width] += chosen.stream().anyMatch(own::has) ? 1 : 0;
          }
        });
    for (int width = 1; width <= 5; width++) {
      double expected = (double) reached[width] / orders[0];
      assertEquals(expected, ExpertChoice.by(rule).reaches(new ExpertRange(0, width)), 1e-12);
    }
  }

  private static void permute(double[] values, int from, Consumer<double[]> each) {
    if (from == values.length) {
      each.accept(values.clone());
    }
    for (int i = from; i < values.length; i++) {
      swap(values, from, i);
      permute(values, from + 1, each);
      swap(values, from, i);
    }
  }

  private static void swap(double[] values, int one, int other) {
    double value = values[one];
    values[one] = values[other];
    values[other] = value;
  }

  @Test
  void groupsOfTwoAreKeptByTheirSums() {
    // Both of a group are chosen, or none, so a rank with one of each is reached for certain.
    RouterRule both = rule(4, 2, 2, 1, GroupScore.BEST_TWO);
    assertEquals(0.5, ExpertChoice.by(both).reaches(new ExpertRange(0, 2)), 1e-13);
    assertEquals(1, ExpertChoice.by(both).reaches(new ExpertRange(1, 2)), 1e-13);
    // Four groups of two, two stay, two experts are chosen: both are of one group in 4 of 21 cases.
    GroupSplits.Split one = GroupSplits.of(rule(8, 2, 4, 2, GroupScore.BEST_TWO)).get(0);
    assertEquals(1, one.parts().length);
    assertEquals(4 / 21.0, one.chance(), 1e-13);
  }

  /** One of 33 experts goes, and all others are chosen: 32 parts of equal size. */
  @Test
  void asManyPartsAsAnIntHasBitsAreNoLimit() {
    ExpertChoice choice = ExpertChoice.by(rule(33, 32, 33, 32, GroupScore.BEST));
    assertEquals(32 / 33.0, choice.reaches(new ExpertRange(0, 1)), 1e-12);
    assertEquals(1, choice.reaches(new ExpertRange(0, 2)), 1e-12);
  }

  @Test
  void withoutALimitEverySetOfExpertsIsEquallyLikely() {
    RouterRule plain = RouterRule.plain(12, 3, true);
    double missed = 9.0 / 12 * 8 / 11 * 7 / 10;
    assertEquals(1 - missed, ExpertChoice.by(plain).reaches(over(plain, 4)), 1e-14);
  }

  /** The router itself, of DeepSeek-R1, with uniform scores; ranks of several widths. */
  @ParameterizedTest
  @CsvSource({"64", "8", "4"})
  void aTokenReachesAsManyRanksAsTheRouterSendsItTo(int ranks) {
    int tokens = 4000;
    SplittableRandom random = new SplittableRandom(20251128);
    double[] logits = new double[R1.experts()];
    ExpertRouter router = new ExpertRouter(R1, new double[R1.experts()]);
    ExpertParallelSharding sharding = over(R1, ranks);
    double sum = 0;
    double squares = 0;
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < logits.length; i++) {
        double score = random.nextDouble();
        logits[i] = StrictMath.log(score / (1 - score));
      }
      List<Routing.Choice> choices = router.route(logits, 1).tokens();
      // One copy for each destination, and none for the sender.
      int sent =
          Sending.rowsTo(choices, token % ranks, sharding).stream().mapToInt(List::size).sum();
      sum += sent;
      squares += (double) sent * sent;
    }
    double mean = sum / tokens;
    double error = Math.sqrt((squares / tokens - mean * mean) / tokens);
    double expected = ExpertChoice.by(R1).reaches(sharding) * (ranks - 1);
    // Five standard errors of the mean: one draw in 1.7 million lies further off.
    assertEquals(expected, mean, 5 * error);
    assertTrue(error > 0, "a draw with no error");
  }
}
