package dev.helix.laws.diagnosis;

import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.KnownMergeFaults.KnownMergeFault;
import dev.helix.laws.merge.states.Stack;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A right merge whose answer is rounded to a coarser format than the one that was asked for, as
 * where an array of the program has the wrong type.
 *
 * @param precision the coarser format
 * @param lses whether merged log-sum-exps are rounded to it too, and not outputs alone
 */
record RoundedAnswer(Precision precision, boolean lses) implements KnownMergeFault {
  static List<RoundedAnswer> all() {
    return List.of(
        new RoundedAnswer(Precision.FP32, false),
        new RoundedAnswer(Precision.FP32, true),
        new RoundedAnswer(Precision.FP16, false),
        new RoundedAnswer(Precision.FP16, true),
        new RoundedAnswer(Precision.BF16, false),
        new RoundedAnswer(Precision.BF16, true));
  }

  @Override
  public String name() {
    return "\"a right merge, whose %s rounded to %s\""
        .formatted(lses ? "outputs and LSEs are" : "outputs are", precision);
  }

  @Override
  public Optional<Answer> answer(Stack asked) {
    DType format = precision.output();
    if (Precision.unit(format) <= Precision.unit(asked.convention().formats().answer())) {
      return Optional.empty();
    }
    LogBase base = asked.convention().base();
    Answer right = Misreading.answer(asked, states -> states.merged(RowMerge::correct), base);
    int rows = asked.tokens() * asked.heads();
    double[] outputs = new double[rows * asked.dim()];
    Arrays.setAll(outputs, at -> format.round(right.output(at / asked.dim(), at % asked.dim())));
    double[] merged = new double[rows];
    Arrays.setAll(merged, row -> lses ? format.round(right.lse(row)) : right.lse(row));
    return Optional.of(Answer.of(asked, outputs, merged));
  }
}
