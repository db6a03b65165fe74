package dev.helix.laws.head;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The trial of one law of the head, against one implementation, on one case. */
final class HeadTrial extends Trial {
  private final HeadUnderTest subject;
  private final HeadCase given;

  HeadTrial(Law law, HeadUnderTest subject, HeadCase given) {
    super(law);
    this.subject = subject;
    this.given = given;
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    int[] all = IntStream.range(0, given.rows()).toArray();
    switch (law()) {
      case HEAD_LOGITS -> logits(decode(given.input()), all);
      case HEAD_CHOICE -> choice(decode(given.input()), all);
      case HEAD_ROWS -> byThemselves();
      case HEAD_NAN_IS_REPORTED -> nan();
      default -> throw new IllegalArgumentException(law() + " is not a law of the head");
    }
  }

  private void logits(HeadAnswer got, int... rows) {
    for (int row = 0; row < rows.length; row++) {
      rowOf(rows[row], rows.length);
      for (int word = 0; word < given.vocabulary(); word++) {
        int of = rows[row];
        int at = word;
        double expected = given.logit(of, word);
        boolean exact = subject.format().round(expected) == expected;
        within(
            "the logit",
            () -> "row %d, word %d".formatted(of, at),
            subject.format(),
            expected,
            got.logits()[row * given.vocabulary() + word],
            exact ? 0 : Precision.ulp(subject.format(), expected));
      }
    }
  }

  private void choice(HeadAnswer got, int... rows) {
    for (int row = 0; row < rows.length; row++) {
      int chosen = got.chosen()[row];
      int at = rows[row];
      rowOf(at, rows.length);
      require(
          chosen >= 0 && chosen < given.vocabulary(),
          () ->
              "row %d: expected a word below %d, got %d".formatted(at, given.vocabulary(), chosen));
      int expected = given.greatest(at);
      same(
          expected,
          chosen,
          () ->
              "row %d: expected word %d, whose logit is %s, got word %d, whose logit is %s"
                  .formatted(
                      at, expected, given.logit(at, expected), chosen, given.logit(at, chosen)));
    }
  }

  /**
   * Begins the comparisons of a row.
   *
   * @param together number of rows that are decoded at once
   */
  private void rowOf(int row, int together) {
    row(() -> given.traits(row, together));
  }

  /** Each row alone, and all of them the other way round. */
  private void byThemselves() {
    for (int row = 0; row < given.rows(); row++) {
      both(row);
    }
    both(IntStream.range(0, given.rows()).map(row -> given.rows() - 1 - row).toArray());
  }

  private void both(int... rows) {
    HeadAnswer got = decode(given.of(rows));
    choice(got, rows);
    if (subject.returnsLogits()) {
      logits(got, rows);
    }
  }

  /** A row with NaN in its state has no finite logit, or there is an error. */
  private void nan() {
    int row = given.rows() - 1;
    rowOf(row, given.rows());
    called();
    HeadAnswer got;
    try {
      got = subject.decode(given.withNan(row));
    } catch (RuntimeException e) {
      require(true, () -> "an error is a report");
      return;
    }
    int from = row * given.vocabulary();
    boolean lost =
        Arrays.stream(got.logits(), from, from + given.vocabulary()).anyMatch(Double::isFinite);
    require(!lost, () -> "NaN in the state of row %d came out as a number".formatted(row));
  }

  private HeadAnswer decode(HeadInput input) {
    called();
    HeadAnswer got;
    try {
      got = subject.decode(input);
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the head threw " + e);
    }
    int logits = subject.returnsLogits() ? input.rows() * input.vocabulary() : 0;
    require(
        got.chosen().length == input.rows() && got.logits().length == logits,
        () ->
            "expected %d words and %d logits, got %d and %d"
                .formatted(input.rows(), logits, got.chosen().length, got.logits().length));
    return got;
  }
}
