package dev.helix.runtime.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.tensor.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ranks compare what they saw over their communicators. */
final class RankAgreementTest {
  private static final int RANKS = 4;
  private static final TapPoint MIDDLE = new TapPoint(0, Quantity.MIDDLE);
  private static final TapPoint HIDDEN = new TapPoint(0, Quantity.HIDDEN);

  @Test
  void ranksThatSawTheSameAgree() {
    assertEquals(Optional.empty(), difference((rank, step, point) -> 1.5));
  }

  @Test
  void theRankThePlaceAndTheTokensAreNamed() {
    assertEquals(
        Optional.of("rank 3 differs from rank 0 at layer 0, hidden state of " + tokens(1)),
        difference((rank, step, point) -> rank == 3 && step == 1 && point.equals(HIDDEN) ? 2 : 1));
  }

  @Test
  void theEarliestStepIsNamedAndInItTheLowestRank() {
    assertEquals(
        Optional.of("rank 2 differs from rank 0 at layer 0, hidden state of " + tokens(1)),
        difference((rank, step, point) -> late(rank, step, point) ? 2 : 1));
  }

  /** Rank 1 from step 2 on, ranks 2 and 3 in step 1, rank 3 at an earlier place. */
  private static boolean late(int rank, int step, TapPoint point) {
    return switch (rank) {
      case 1 -> step >= 2;
      case 2 -> step == 1 && point.equals(HIDDEN);
      case 3 -> step == 1;
      default -> false;
    };
  }

  @Test
  void theRankThatComparesMayBeAnyAndIsTheReference() {
    assertEquals(
        Optional.of(
            "rank 0 differs from rank 2 at layer 0, hidden after attention of " + tokens(0)),
        difference(2, (rank, step, point) -> rank == 2 ? 7 : 1));
  }

  @Test
  void theOthersLearnNothing() {
    List<Optional<String>> found = differences(0, (rank, step, point) -> rank);
    assertTrue(found.get(0).isPresent());
    assertEquals(
        List.of(Optional.empty(), Optional.empty(), Optional.empty()), found.subList(1, 4));
  }

  @Test
  void anotherExpertOrAnotherWeightOfItIsADifference() {
    Routing routing = routing(3, 0.25);
    for (Routing other : List.of(routing(4, 0.25), routing(3, Math.nextUp(0.25)))) {
      List<Optional<String>> found =
          ThreadRanks.inOneJvm(
              2,
              communicator -> {
                RankAgreement agreement =
                    new RankAgreement(communicator, new Group("all", List.of(0, 1)));
                agreement.keep(
                    new TapPoint(2, Quantity.ROUTING),
                    tokens(0).subList(0, 1),
                    communicator.rank() == 0 ? routing : other);
                agreement.compare(0);
                return agreement.firstDifference();
              });
      assertEquals(
          Optional.of(
              "rank 1 differs from rank 0 at layer 2, routing of " + tokens(0).subList(0, 1)),
          found.get(0));
    }
  }

  private static Routing routing(int expert, double weight) {
    return new Routing(List.of(new Routing.Choice(List.of(expert, 1), List.of(weight, 0.5))));
  }

  private static Optional<String> difference(Sight sight) {
    return difference(0, sight);
  }

  private static Optional<String> difference(int comparer, Sight sight) {
    return differences(comparer, sight).get(comparer);
  }

  private static List<Optional<String>> differences(int comparer, Sight sight) {
    return ThreadRanks.inOneJvm(
        RANKS,
        communicator -> {
          RankAgreement agreement = new RankAgreement(communicator, group(comparer));
          for (int step = 0; step < 3; step++) {
            for (TapPoint point : List.of(MIDDLE, HIDDEN)) {
              double value = sight.of(communicator.rank(), step, point);
              agreement.keep(point, tokens(step), new double[] {0.5, value});
            }
            agreement.compare(step);
          }
          return agreement.firstDifference();
        });
  }

  /** All ranks, one of them first. */
  private static Group group(int first) {
    List<Integer> ranks = new ArrayList<>(List.of(first));
    IntStream.range(0, RANKS).filter(rank -> rank != first).forEach(ranks::add);
    return new Group("all", ranks);
  }

  private static List<QueryToken> tokens(int step) {
    return List.of(new QueryToken(0, 4 + step), new QueryToken(1, step));
  }

  /** A number that a rank sees. */
  private interface Sight {
    double of(int rank, int step, TapPoint point);
  }
}
