package dev.helix.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttentionShapeTest {
  @ParameterizedTest
  @CsvSource({
    "16384, 128, 8, 128, 16, 18432", // Llama-3.1-405B
    "4096, 32, 2, 128, 16, 4608",
    "3584, 28, 7, 128, 4, 5376",
    "768, 12, 12, 64, 1, 2304", // multi-head
    "512, 8, 1, 64, 8, 640", // multi-query
    "128, 8, 4, 32, 2, 512", // heads together wider than the hidden size
    "1, 1, 1, 2, 1, 6",
  })
  void theStackedProjectionHasAllQueriesAndTwoOfEveryKvHead(
      int hidden, int queryHeads, int kvHeads, int headDim, int perKvHead, int rows) {
    AttentionShape shape = new AttentionShape(hidden, queryHeads, kvHeads, headDim);
    assertEquals(perKvHead, shape.queriesPerKvHead());
    assertEquals(rows, shape.qkvRows());
  }

  @ParameterizedTest
  @CsvSource({"64, 0.125", "256, 0.0625", "128, 0.08838834764831845", "2, 0.7071067811865475"})
  void scoresAreScaledByTheRootOfTheHeadSize(int headDim, double scale) {
    assertEquals(scale, new AttentionShape(8, 4, 2, headDim).scoreScale(), 0x1p-53);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, 4, 32, 'hidden size must be at least 1, got 0'",
    "128, 0, 4, 32, 'query heads must be at least 1, got 0'",
    "128, 8, -4, 32, 'KV heads must be at least 1, got -4'",
    "128, 8, 4, 0, 'head size must be at least 1, got 0'",
    "128, 8, 3, 32, KV heads (3) must divide the query heads (8)",
    "128, 4, 8, 32, KV heads (8) must divide the query heads (4)",
    "128, 8, 4, 7, head size (7) must be even for rotary embedding",
  })
  void aShapeThatIsNoGroupedQueryAttentionIsRefused(
      int hidden, int queryHeads, int kvHeads, int headDim, String message) {
    Exception refusal =
        assertThrows(
            InvalidInputException.class,
            () -> new AttentionShape(hidden, queryHeads, kvHeads, headDim));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void moreRowsThanAnIntHoldsAreAnErrorAndNotAWrongNumber() {
    AttentionShape tooWide = new AttentionShape(1, 1 << 16, 1 << 16, 1 << 16);
    assertThrows(ArithmeticException.class, tooWide::qkvRows);
    AttentionShape tooMany = new AttentionShape(1, 1 << 30, 1 << 30, 2);
    assertThrows(ArithmeticException.class, tooMany::qkvRows);
  }

  @Test
  void aQueryTokenHasARequestAndAPosition() {
    assertEquals(0, new QueryToken(0, 0).position());
    for (int[] wrong : new int[][] {{-1, 0}, {0, -1}}) {
      Exception refusal =
          assertThrows(IllegalArgumentException.class, () -> new QueryToken(wrong[0], wrong[1]));
      String expected = "request %d, position %d".formatted(wrong[0], wrong[1]);
      assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }
  }
}
