package dev.helix.laws.merge;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Marks;
import dev.helix.attention.convention.Weights;
import dev.helix.laws.JudgedInquiry;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.Stack;
import java.util.Arrays;
import java.util.List;

/**
 * An implementation's answer as the laws see it, with tokens as the outer axis and LSE −∞ where
 * there are no tokens.
 */
public final class Answer implements JudgedInquiry.Rows {
  private final Stack asked;
  private final double[] outputs;
  private final double[] lses;

  private Answer(Stack asked, double[] outputs, double[] lses) {
    this.asked = asked;
    this.outputs = outputs;
    this.lses = lses;
  }

  /**
   * Reads an implementation's arrays.
   *
   * @throws LawViolation if their sizes are not those asked for
   */
  public static Answer read(Stack asked, Partial given) {
    return read(asked, given, Declaration.of(asked.convention()));
  }

  /**
   * Reads the arrays of an implementation that may return no log-sum-exps.
   *
   * @throws LawViolation if their sizes are not those asked for
   */
  public static Answer read(Stack asked, Partial given, Declaration declared) {
    Convention convention = asked.convention();
    ArrayIndex arrays = arrays(asked);
    double[] givenOutputs = given.outputs();
    double[] givenLses = given.lses();
    requireSize("outputs", arrays.answerShape(), givenOutputs.length);
    if (declared.returnsLse()) {
      requireSize("LSEs", arrays.answerWeightShape(), givenLses.length);
    }
    double[] outputs = new double[asked.rows() * asked.dim()];
    double[] lses = new double[asked.rows()];
    for (int token = 0; token < asked.tokens(); token++) {
      for (int head = 0; head < asked.heads(); head++) {
        int row = token * asked.heads() + head;
        int at = arrays.output(0, token, head) * arrays.paddedDim();
        System.arraycopy(givenOutputs, at, outputs, row * asked.dim(), asked.dim());
        lses[row] =
            declared.returnsLse()
                ? decoded(convention, givenLses[arrays.weight(0, token, head)])
                : asked.mergedLse(row);
      }
    }
    return new Answer(asked, outputs, lses);
  }

  /**
   * An answer whose arrays have tokens as their outer axis, and LSEs in the base of the question;
   * −∞ where there are no tokens. Keeps the arrays.
   */
  public static Answer of(Stack asked, double[] outputs, double[] lses) {
    return new Answer(asked, outputs, lses);
  }

  int dim() {
    return asked.dim();
  }

  /** The outputs in the layout of the question, whose padding is 0 here. */
  public double[] declaredOutputs() {
    ArrayIndex arrays = arrays(asked);
    double[] theirs = new double[arrays.rows() * arrays.paddedDim()];
    for (int row = 0; row < asked.rows(); row++) {
      int at = arrays.output(0, row / asked.heads(), row % asked.heads());
      System.arraycopy(outputs, row * asked.dim(), theirs, at * arrays.paddedDim(), asked.dim());
    }
    return theirs;
  }

  /** The LSEs in the convention of the question, whose padding is 0 here. */
  public double[] declaredLses() {
    ArrayIndex arrays = arrays(asked);
    Weights weights = asked.convention().weights();
    double[] theirs = new double[arrays.rows()];
    for (int row = 0; row < lses.length; row++) {
      double lse = lses[row];
      theirs[arrays.weight(0, row / asked.heads(), row % asked.heads())] =
          lse == Double.NEGATIVE_INFINITY
              ? weights.marks().returned().get(0)
              : weights.answered() == weights.given()
                  ? lse
                  : weights.answered().fromNatural(weights.given().toNatural(lse));
    }
    return theirs;
  }

  /** The log-sum-exp in the base of the question. */
  private static double decoded(Convention convention, double lse) {
    Marks marks = convention.marks();
    if (marks.isReturned(lse)) {
      return Double.NEGATIVE_INFINITY;
    }
    if (lse == Double.NEGATIVE_INFINITY) {
      throw new LawViolation(
          "an LSE of the answer is −∞, but a part without tokens is marked by "
              + marks.returned().get(0));
    }
    LogBase answered = convention.weights().answered();
    return answered == convention.base()
        ? lse
        : convention.base().fromNatural(answered.toNatural(lse));
  }

  private static ArrayIndex arrays(Stack asked) {
    return new ArrayIndex(
        asked.convention().layout(), 1, asked.tokens(), asked.heads(), asked.dim());
  }

  private static void requireSize(String what, List<Integer> shape, int got) {
    int expected = shape.stream().reduce(1, (a, b) -> a * b);
    if (expected != got) {
      throw new LawViolation(
          "the answer has %d %s, expected %d, the shape %s".formatted(got, what, expected, shape));
    }
  }

  @Override
  public double output(int row, int i) {
    return outputs[row * asked.dim() + i];
  }

  @Override
  public double lse(int row) {
    return lses[row];
  }

  /** The same answer to a question of the same rows. */
  Answer to(Stack other) {
    return new Answer(other, outputs, lses);
  }

  /** The answer to a question of which these rows have no tokens. */
  Answer without(Stack other, boolean[] rows) {
    double[] someOutputs = outputs.clone();
    double[] someLses = lses.clone();
    for (int row = 0; row < rows.length; row++) {
      if (rows[row]) {
        Arrays.fill(someOutputs, row * asked.dim(), (row + 1) * asked.dim(), 0);
        someLses[row] = Double.NEGATIVE_INFINITY;
      }
    }
    return new Answer(other, someOutputs, someLses);
  }

  /** The answer as a stack of one shard, to be merged again. */
  public Stack asStack() {
    return Stack.of(
        asked.convention(),
        new int[] {1, asked.tokens(), asked.heads(), asked.dim()},
        outputs,
        lses);
  }

  public boolean sameBits(Answer other) {
    return Arrays.equals(outputs, other.outputs) && Arrays.equals(lses, other.lses);
  }
}
