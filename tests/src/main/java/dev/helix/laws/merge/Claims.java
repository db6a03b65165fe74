package dev.helix.laws.merge;

import dev.helix.laws.Law;
import java.math.BigDecimal;

/** What several laws claim of an answer: it is another answer, a shard, or a true value. */
final class Claims {
  private Claims() {}

  /** Two answers to the same question, the second after up to {@code depth} merges. */
  static void same(
      MergeTrial t, String claim, Law law, Stack stack, int depth, Answer one, Answer two) {
    if (t.convention().inBits().contains(law)) {
      t.demand(one.sameBits(two), () -> claim + " in some bits");
    }
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference reference = MergeReference.of(stack, row);
      empty(t, row, reference, one);
      empty(t, row, reference, two);
      if (!reference.isEmpty()) {
        for (int i = 0; i < stack.dim; i++) {
          t.output(
              claim,
              row,
              i,
              one.output(row, i),
              two.output(row, i),
              reference.outputBound(i, 1) + reference.outputBound(i, depth));
        }
        t.lse(
            claim,
            row,
            one.lse(row),
            two.lse(row),
            reference.lseBound(1) + reference.lseBound(depth));
      }
    }
  }

  /** The answer is what a stack of one shard is. */
  static void is(MergeTrial t, String claim, Stack x, int depth, Answer got) {
    for (int row = 0; row < x.rows(); row++) {
      MergeReference reference = MergeReference.of(x, row);
      empty(t, row, reference, got);
      if (!reference.isEmpty()) {
        for (int i = 0; i < x.dim; i++) {
          t.output(
              claim,
              row,
              i,
              x.output(0, row, i),
              got.output(row, i),
              reference.outputBound(i, depth));
        }
        t.lse(claim, row, reference.lseInBase(), got.lse(row), reference.lseBound(depth));
      }
    }
  }

  /** The answer is the true value of {@code whole}, asked in the rounded form of {@code parts}. */
  static void against(
      MergeTrial t,
      String claim,
      MergeReference whole,
      MergeReference parts,
      int row,
      int depth,
      Answer got) {
    empty(t, row, whole, got);
    if (whole.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim; i++) {
      double input = whole.output(i).subtract(parts.output(i)).abs().doubleValue();
      double expected = whole.output(i).doubleValue();
      t.output(
          claim,
          row,
          i,
          expected,
          got.output(row, i),
          parts.outputBound(i, depth) + input + Math.ulp(expected));
    }
    double input = whole.inBase(whole.lse().subtract(parts.lse())).abs().doubleValue();
    t.lse(
        claim,
        row,
        whole.lseInBase(),
        got.lse(row),
        parts.lseBound(depth) + input + Math.ulp(whole.lseInBase()));
  }

  /** The second answer is the first, its log-sum-exp moved by {@code shift} in the given base. */
  static void related(
      MergeTrial t,
      String claim,
      MergeReference one,
      MergeReference two,
      int row,
      Answer first,
      Answer second,
      BigDecimal shift) {
    empty(t, row, one, first);
    empty(t, row, two, second);
    if (one.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim; i++) {
      double input = one.output(i).subtract(two.output(i)).abs().doubleValue();
      t.output(
          claim,
          row,
          i,
          first.output(row, i),
          second.output(row, i),
          one.outputBound(i, 1) + two.outputBound(i, 1) + input);
    }
    double input = one.inBase(two.lse().subtract(one.lse())).subtract(shift).abs().doubleValue();
    double expected = first.lse(row) + shift.doubleValue();
    t.lse(
        claim,
        row,
        expected,
        second.lse(row),
        one.lseBound(1) + two.lseBound(1) + input + 2 * Math.ulp(expected));
  }

  /** No tokens: the output is 0 and the log-sum-exp is the declared mark. */
  static void empty(MergeTrial t, int row, MergeReference reference, Answer got) {
    if (!reference.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim; i++) {
      t.output("a row without tokens is not 0", row, i, 0, got.output(row, i), 0);
    }
    t.lse(
        "a row without tokens is not marked as empty",
        row,
        Double.NEGATIVE_INFINITY,
        got.lse(row),
        0);
  }
}
