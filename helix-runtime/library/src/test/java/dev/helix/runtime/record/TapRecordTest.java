package dev.helix.runtime.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TapRecordTest {
  private static final TapPoint HIDDEN = new TapPoint(2, Quantity.HIDDEN);
  private static final TapPoint LOGITS = new TapPoint(TapPoint.OUTSIDE, Quantity.LOGITS);
  private static final QueryToken A = new QueryToken(0, 7);
  private static final QueryToken B = new QueryToken(1, 0);
  private static final QueryToken C = new QueryToken(1, 1);

  @Test
  void everyTokenKeepsItsOwnRow() {
    TapRecord record = new TapRecord();
    record.keep(HIDDEN, List.of(A, B, C), new double[] {1, 2, 3, 4, 5, 6});
    assertArrayEquals(new double[] {1, 2}, record.row(HIDDEN, A));
    assertArrayEquals(new double[] {3, 4}, record.row(HIDDEN, B));
    assertArrayEquals(new double[] {5, 6}, record.row(HIDDEN, C));
  }

  @Test
  void rowsOfOtherPlacesAndStepsAreApart() {
    TapRecord record = new TapRecord();
    record.keep(HIDDEN, List.of(B), new double[] {1});
    record.keep(new TapPoint(3, Quantity.HIDDEN), List.of(B), new double[] {2});
    record.keep(new TapPoint(2, Quantity.MIDDLE), List.of(B), new double[] {3});
    record.keep(HIDDEN, List.of(C), new double[] {4});
    assertArrayEquals(new double[] {1}, record.row(HIDDEN, B));
    assertArrayEquals(new double[] {2}, record.row(new TapPoint(3, Quantity.HIDDEN), B));
    assertArrayEquals(new double[] {3}, record.row(new TapPoint(2, Quantity.MIDDLE), B));
    assertArrayEquals(new double[] {4}, record.row(HIDDEN, C));
  }

  @Test
  void whatWasNotRecordedIsAbsentAndCannotBeRead() {
    TapRecord record = new TapRecord();
    record.keep(HIDDEN, List.of(A), new double[] {1});
    assertTrue(record.has(HIDDEN, A));
    assertFalse(record.has(LOGITS, A));
    assertFalse(record.has(HIDDEN, new QueryToken(0, 8)));
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> record.row(LOGITS, A));
    assertEquals("nothing was recorded at logits for " + A, refusal.getMessage());
  }

  @Test
  void aStepInWhichNoTokenIsSampledRecordsNoLogits() {
    TapRecord record = new TapRecord();
    record.keep(LOGITS, List.of(), new double[] {});
    assertFalse(record.has(LOGITS, A));
  }

  @Test
  void recordingATokenTwiceIsAnError() {
    TapRecord record = new TapRecord();
    record.keep(HIDDEN, List.of(A), new double[] {1});
    Exception refusal =
        assertThrows(
            IllegalStateException.class, () -> record.keep(HIDDEN, List.of(A), new double[] {1}));
    assertEquals("layer 2, hidden state of " + A + " was recorded twice", refusal.getMessage());
  }

  @Test
  void laterChangesToTheNumbersDoNotReachTheRecord() {
    TapRecord record = new TapRecord();
    double[] values = {1, 2};
    record.keep(HIDDEN, List.of(A, B), values);
    record.keep(HIDDEN, List.of(C), values);
    Arrays.fill(values, Double.NaN);
    assertArrayEquals(new double[] {2}, record.row(HIDDEN, B));
    assertArrayEquals(new double[] {1, 2}, record.row(HIDDEN, C));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5})
  void numbersThatAreNoWholeRowsAreRefused(int values) {
    TapRecord record = new TapRecord();
    List<QueryToken> step = List.of(A, B, C);
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class, () -> record.keep(HIDDEN, step, new double[values]));
    assertEquals(
        "layer 2, hidden state: " + values + " numbers are no whole rows of 3 tokens",
        refusal.getMessage());
  }

  @Test
  void numbersOfNoTokenAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new TapRecord().keep(LOGITS, List.of(), new double[] {1}));
  }
}
