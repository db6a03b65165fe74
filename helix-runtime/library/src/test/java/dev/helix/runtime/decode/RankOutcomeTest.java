package dev.helix.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.record.StepRow;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankOutcomeTest {
  /** A NaN with a payload, both zeros, both infinities and a subnormal. */
  private static final double[] HARD = {
    Double.longBitsToDouble(0x7ff0000000000123L),
    -0.0,
    0.0,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE
  };

  private static final StepRecord PROMPT =
      new StepRecord(
          List.of(row(0, 0, 5, false), row(0, 1, 6, true), row(1, 0, 7, true)), List.of(8, 9));
  private static final StepRecord NEXT =
      new StepRecord(List.of(row(0, 2, 8, true), row(1, 1, 9, true)), List.of(3, 4));

  private static final RankOutcome OUTCOME =
      new RankOutcome(
          new RunRecord(
              List.of(PROMPT, NEXT), Optional.empty(), Optional.empty(), Optional.empty()),
          List.of(logits(0, 1, 1, 2), logits(1, 0, HARD), logits(0, 2, 3), logits(1, 1, 4, 5)),
          Optional.of("rank 3 differs from rank 0 at µ"),
          0.125);

  private static StepRow row(int request, int position, int token, boolean sampled) {
    return new StepRow(new QueryToken(request, position), token, sampled);
  }

  @Test
  void everyBitComesHome() {
    RankOutcomeCodec codec = new RankOutcomeCodec();
    RankOutcome home = codec.decode(codec.encode(OUTCOME));
    assertEquals(OUTCOME.record(), home.record());
    assertEquals(OUTCOME.difference(), home.difference());
    assertEquals(OUTCOME.seconds(), home.seconds());
    assertEquals(OUTCOME.logits().size(), home.logits().size());
    for (int row = 0; row < OUTCOME.logits().size(); row++) {
      assertEquals(OUTCOME.logits().get(row).query(), home.logits().get(row).query());
      assertArrayEquals(
          bits(OUTCOME.logits().get(row).values()), bits(home.logits().get(row).values()));
    }
  }

  private static SampledLogits logits(int request, int position, double... values) {
    return new SampledLogits(new QueryToken(request, position), values);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void theTokensOfARequestAreFoundInItsSteps() {
    assertEquals(List.of(8, 3), OUTCOME.record().newTokens(0));
    assertEquals(List.of(9, 4), OUTCOME.record().newTokens(1));
    assertEquals(List.of(), OUTCOME.record().newTokens(2));
    assertEquals(List.of(new QueryToken(0, 1), new QueryToken(0, 2)), OUTCOME.record().sampled(0));
    assertEquals(
        List.of(new QueryToken(0, 0), new QueryToken(0, 1), new QueryToken(1, 0)),
        PROMPT.queries());
  }

  @Test
  void oneRankAloneBringsHomeTheSteps() {
    RankOutcomeCodec codec = new RankOutcomeCodec();
    RankOutcome home = codec.decode(codec.encode(OUTCOME.withoutSteps()));
    assertEquals(List.of(), home.record().steps());
    assertEquals(OUTCOME.difference(), home.difference());
    assertEquals(OUTCOME.logits().size(), home.logits().size());
  }

  @Test
  void aSampledRowWithoutATokenIsRefused() {
    assertEquals(
        "a step of 2 sampled rows: expected as many tokens, got 1",
        assertThrows(IllegalArgumentException.class, () -> new StepRecord(NEXT.rows(), List.of(3)))
            .getMessage());
  }
}
