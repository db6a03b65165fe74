package dev.helix.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class GatheredLogitsTest {
  /** Three words on two ranks: a row of zeros behind them has the greatest logit. */
  private static final GatheredLogits PADDED =
      new GatheredLogits(new double[] {-3, -1, -2, 0, -1, -5, -1, 0}, 2, 3);

  @Test
  void aRowEndsWithTheVocabulary() {
    assertArrayEquals(new double[] {-3, -1, -2}, PADDED.row(0));
    assertArrayEquals(new double[] {-1, -5, -1}, PADDED.row(1));
  }

  @Test
  void paddingIsNeverChosen() {
    assertEquals(1, PADDED.greedy(0));
    assertEquals(0, PADDED.greedy(1));
  }

  @Test
  void logitsThatAreNoRowsOfTheVocabularyAreRefused() {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> new GatheredLogits(new double[4], 2, 3));
    assertEquals("4 logits are not 2 rows of a vocabulary of 3", refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new GatheredLogits(new double[7], 2, 3));
  }

  /** As on a rank that has no row of a step. */
  @Test
  void noRowsAreFine() {
    assertDoesNotThrow(() -> new GatheredLogits(new double[0], 0, 3));
  }
}
