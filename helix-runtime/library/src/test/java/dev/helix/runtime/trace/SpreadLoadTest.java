package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.TokenShares;
import dev.helix.runtime.trace.choice.ExpertChoice;
import dev.helix.tensor.Group;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadLoadTest {
  /**
   * Numbers of rows by fractions: 99·2·19/33 is 114, 120·7·29/120 is 203, and 1·2·19/33 is above 1.
   */
  @ParameterizedTest
  @CsvSource({"12, 2, 3, 99, 114", "16, 2, 8, 120, 203", "12, 2, 3, 1, 2"})
  void aWholeNumberOfRowsIsNotRoundedUp(
      int experts, int topK, int ranks, int tokens, int expected) {
    ExpertParallelSharding sharding =
        new ExpertParallelSharding(
            new MoeShape(4, experts, 4, 0),
            new Group("experts", IntStream.range(0, ranks).boxed().toList()));
    double chance = ExpertChoice.by(RouterRule.plain(experts, topK, true)).reaches(sharding);
    List<Integer> own = IntStream.range(0, tokens).boxed().toList();
    List<List<Integer>> all =
        Stream.concat(Stream.of(own), Stream.generate(List::<Integer>of).limit(ranks - 1)).toList();
    int sent =
        SpreadLoad.send(chance, new TokenShares(all, 0, 0)).rowsTo().stream()
            .mapToInt(List::size)
            .sum();
    assertEquals(expected, sent);
  }
}
