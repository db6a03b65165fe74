package dev.helix.laws.attention;

import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Chooses where NaN is put: into the key or the value of a token that some query sees, or of one
 * that some query does not see.
 */
final class NanInTokens {
  private final AttentionTrial trial;
  private final AttentionCase given;
  private final SplittableRandom random;

  NanInTokens(AttentionTrial trial, AttentionCase given) {
    this.trial = trial;
    this.given = given;
    this.random = new SplittableRandom(given.seed());
  }

  void hold() {
    for (boolean seen : new boolean[] {true, false}) {
      int[] tokens =
          IntStream.range(0, given.context())
              .filter(
                  token ->
                      Arrays.stream(given.queryPositions())
                          .anyMatch(q -> AttentionReference.visible(given, token, q) == seen))
              .toArray();
      if (tokens.length > 0) {
        nanIn(tokens[random.nextInt(tokens.length)]);
      }
    }
  }

  private void nanIn(int token) {
    int shard = given.owners().owner(token);
    int slot = Arrays.binarySearch(given.owners().positions(shard), token);
    int kvHead = random.nextInt(given.kvHeads());
    AttentionInput clean = given.shard(shard);
    Answer expected = trial.attend(clean);
    int ofKey = random.nextInt(given.keyDim());
    Nan key = new Nan("key", token, kvHead, ofKey);
    answer(key, clean.withNanInKey(slot, kvHead, ofKey))
        .ifPresent(got -> rows(key, expected, got, clean, slot));
    int ofValue = random.nextInt(given.valueDim());
    Nan value = new Nan("value", token, kvHead, ofValue);
    answer(value, clean.withNanInValue(slot, kvHead, ofValue))
        .ifPresent(got -> rows(value, expected, got, clean, slot));
  }

  /** The place of a NaN. */
  private record Nan(String part, int token, int kvHead, int component) {
    @Override
    public String toString() {
      return "NaN in component %d of the %s of token %d, KV head %d"
          .formatted(component, part, token, kvHead);
    }
  }

  /** Nothing, if the implementation refuses what some row has to report. */
  private Optional<Answer> answer(Nan nan, AttentionInput input) {
    try {
      return Optional.of(trial.attend(input));
    } catch (LawViolation.Refusal refusal) {
      if (IntStream.range(0, trial.rows()).noneMatch(row -> reads(nan, row))) {
        throw refusal;
      }
      trial.demand(true, () -> "refused");
      return Optional.empty();
    }
  }

  private boolean reads(Nan nan, int row) {
    int query = given.queryPositions()[row / given.heads()];
    int group = given.heads() / given.kvHeads();
    return row % given.heads() / group == nan.kvHead
        && AttentionReference.visible(given, nan.token, query);
  }

  private void rows(Nan nan, Answer expected, Answer got, AttentionInput clean, int slot) {
    // A value in its key is NaN in the score too.
    boolean inScore = nan.part.equals("key") || given.valuesInKeys();
    for (int row = 0; row < trial.rows(); row++) {
      int at = row;
      if (!reads(nan, row)) {
        trial.demand(
            sameBits(expected, got, row), () -> "%s changed %s".formatted(nan, trial.place(at)));
      } else if (inScore) {
        trial.demand(
            Double.isNaN(got.lse(row)) || outputs(got, row).stream().anyMatch(x -> Double.isNaN(x)),
            () ->
                "%s, came out as %s, LSE %s, of %s"
                    .formatted(nan, outputs(got, at), got.lse(at), trial.place(at)));
      } else if (hasNormalWeight(clean, slot, row)) {
        trial.demand(
            Double.isNaN(got.output(row, nan.component)),
            () ->
                "%s, came out as %s of %s"
                    .formatted(nan, got.output(at, nan.component), trial.place(at)));
      }
    }
  }

  private boolean hasNormalWeight(AttentionInput clean, int slot, int row) {
    return trial.isNormalWeight(
        trial
            .reference(clean.only(slot), row)
            .lse()
            .subtract(trial.reference(clean, row).lse())
            .doubleValue());
  }

  private List<Double> outputs(Answer answer, int row) {
    return IntStream.range(0, given.valueDim()).mapToObj(i -> answer.output(row, i)).toList();
  }

  private boolean sameBits(Answer expected, Answer got, int row) {
    return Double.compare(expected.lse(row), got.lse(row)) == 0
        && outputs(expected, row).equals(outputs(got, row));
  }
}
