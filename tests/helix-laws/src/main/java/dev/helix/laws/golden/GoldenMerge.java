package dev.helix.laws.golden;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Empties;
import dev.helix.attention.convention.LogBase;
import dev.helix.laws.Law;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.tensor.io.SafetensorsWriter;
import java.math.BigDecimal;
import java.util.List;

/** Merges with their true answers. */
public final class GoldenMerge extends GoldenSeam<MergeCase, Stack, Answer> {
  private final Convention convention;
  private final Declaration declared;

  /**
   * Draws cases.
   *
   * @param count number of cases, each of one question
   */
  public GoldenMerge(Convention convention, long seed, int count) {
    super(new CaseFiles(Declaration.of(convention)), Law.COMMUTATIVE, seed, count, 1);
    this.convention = convention;
    this.declared = Declaration.of(convention);
  }

  @Override
  void addExpected(String name, Stack asked, SafetensorsWriter writer) {
    ArrayIndex arrays =
        new ArrayIndex(convention.layout(), 1, asked.tokens(), asked.heads(), asked.dim());
    Expected outputs = new Expected(arrays.answerShape());
    Expected lses = new Expected(arrays.answerWeightShape());
    for (int row = 0; row < asked.tokens() * asked.heads(); row++) {
      int token = row / asked.heads();
      int head = row % asked.heads();
      MergeReference truth = asked.reference(row);
      int output = arrays.output(0, token, head) * arrays.paddedDim();
      int weight = arrays.weight(0, token, head);
      if (truth.isEmpty()) {
        empty(asked.dim(), output, weight, outputs, lses);
        continue;
      }
      for (int i = 0; i < asked.dim(); i++) {
        double number = FiftyDigits.doubleValue(truth.output(i));
        outputs.put(output + i, number, truth.outputBound(i, 1) + Math.ulp(number));
      }
      double lse = answered(truth.lse());
      double nats = truth.lseBound(1) * convention.base().nats();
      lses.put(weight, lse, nats / convention.weights().answered().nats() + Math.ulp(lse));
    }
    outputs.add(name + "outputs", writer);
    if (declared.returnsLse()) {
      lses.add(name + "lses", writer);
    }
  }

  /** A row without tokens is 0 and has the mark, where the convention says both. */
  private void empty(int dim, int output, int weight, Expected outputs, Expected lses) {
    boolean zero = convention.contract().empties().answered() == Empties.Content.ZERO;
    for (int i = 0; i < dim && zero; i++) {
      outputs.put(output + i, 0, 0);
    }
    List<Double> marks = convention.marks().returned();
    if (marks.size() == 1) {
      lses.put(weight, marks.get(0), 0);
    }
  }

  private double answered(BigDecimal nats) {
    return convention.weights().answered() == LogBase.E
        ? FiftyDigits.doubleValue(nats)
        : FiftyDigits.doubleValue(nats.divide(FiftyDigits.LN_2, FiftyDigits.DIGITS));
  }
}
