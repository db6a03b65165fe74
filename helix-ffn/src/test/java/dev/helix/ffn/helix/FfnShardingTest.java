package dev.helix.ffn.helix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.ffn.FfnShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FfnShardingTest {
  @Property(seed = "20250190", tries = 300)
  void everyColumnIsOnOneRankInOrderOfRanks(@ForAll("shardings") FfnSharding sharding) {
    int column = 0;
    for (int rank = 0; rank < sharding.layout().ranks(); rank++) {
      assertEquals(column, sharding.firstColumn(rank));
      column += sharding.localColumns();
    }
    assertEquals(sharding.shape().intermediate(), column);
  }

  /** Llama-3.1-405B on the 64 ranks of KVP 8 × TPA 8. */
  @Test
  void aLargeModelIsDividedEvenly() {
    FfnSharding sharding = new FfnSharding(new FfnShape(16384, 53248), Layout.dense(8, 8));
    assertEquals(832, sharding.localColumns());
    assertEquals(53248 - 832, sharding.firstColumn(63));
  }

  @Test
  void columnsThatDoNotDivideAreRefused() {
    assertRefused(
        "TPF (6) must divide the model's FFN intermediate size (16)",
        () -> new FfnSharding(new FfnShape(4, 16), Layout.dense(3, 2)));
    assertRefused(
        "TPF (32) must divide the model's FFN intermediate size (16)",
        () -> new FfnSharding(new FfnShape(4, 16), Layout.dense(8, 4)));
  }

  @Test
  void aDenseFfnHasNoUseForExpertParallelRanks() {
    assertRefused(
        "TPF (4) of a dense FFN must be all KVP × TPA ranks (8): it has no experts to place",
        () -> new FfnSharding(new FfnShape(4, 16), new Layout(4, 2, 4, 2)));
  }

  @Test
  void ranksThatDoNotExistHaveNoColumns() {
    FfnSharding sharding = new FfnSharding(new FfnShape(4, 16), Layout.dense(2, 2));
    assertThrows(IllegalArgumentException.class, () -> sharding.firstColumn(4));
    assertThrows(IllegalArgumentException.class, () -> sharding.firstColumn(-1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, 'hidden size must be at least 1, got 0'",
    "8, 0, 'FFN intermediate size must be at least 1, got 0'",
    "8, -8, 'FFN intermediate size must be at least 1, got -8'",
  })
  void anFfnWithoutWidthIsRefused(int hidden, int intermediate, String message) {
    assertRefused(message, () -> new FfnShape(hidden, intermediate));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(InvalidInputException.class, call).getMessage());
  }

  @Provide
  Arbitrary<FfnSharding> shardings() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 8),
            Arbitraries.integers().between(1, 8),
            Arbitraries.of(1, 2, 3, 64))
        .as(
            (kvp, tpa, columns) ->
                new FfnSharding(new FfnShape(4, kvp * tpa * columns), Layout.dense(kvp, tpa)));
  }
}
