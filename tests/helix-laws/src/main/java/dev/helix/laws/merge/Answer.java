package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.JudgedInquiry;
import dev.helix.laws.LawViolation;
import java.util.Arrays;

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
    return read(asked, given, Declaration.of(asked.convention));
  }

  /**
   * Reads the arrays of an implementation that may return no log-sum-exps.
   *
   * @throws LawViolation if their sizes are not those asked for
   */
  public static Answer read(Stack asked, Partial given, Declaration declared) {
    Convention convention = asked.convention;
    double[] givenOutputs = given.outputs();
    double[] givenLses = given.lses();
    requireSize("outputs", "[tokens, heads, dim]", asked.rows() * asked.dim, givenOutputs.length);
    if (declared.returnsLse()) {
      requireSize("LSEs", "[tokens, heads]", asked.rows(), givenLses.length);
    }
    double[] outputs = new double[asked.rows() * asked.dim];
    double[] lses = new double[asked.rows()];
    for (int token = 0; token < asked.tokens; token++) {
      for (int head = 0; head < asked.heads; head++) {
        int row = token * asked.heads + head;
        int at = convention.order().index(token, head, asked.tokens, asked.heads);
        System.arraycopy(givenOutputs, at * asked.dim, outputs, row * asked.dim, asked.dim);
        lses[row] =
            declared.returnsLse() ? decoded(convention, givenLses[at]) : asked.mergedLse(row);
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
    return asked.dim;
  }

  /**
   * The outputs in the convention of the question, {@code [tokens, heads, dim]} or with heads
   * first.
   */
  public double[] declaredOutputs() {
    double[] theirs = new double[outputs.length];
    for (int row = 0; row < asked.rows(); row++) {
      System.arraycopy(outputs, row * asked.dim, theirs, declared(row) * asked.dim, asked.dim);
    }
    return theirs;
  }

  /** The LSEs in the convention of the question, {@code [tokens, heads]} or with heads first. */
  public double[] declaredLses() {
    double[] theirs = new double[lses.length];
    for (int row = 0; row < lses.length; row++) {
      theirs[declared(row)] = asked.convention.declared(lses[row]);
    }
    return theirs;
  }

  private int declared(int row) {
    return asked
        .convention
        .order()
        .index(row / asked.heads, row % asked.heads, asked.tokens, asked.heads);
  }

  private static double decoded(Convention convention, double lse) {
    if (lse == Double.NEGATIVE_INFINITY && convention.emptyLse() != lse) {
      throw new LawViolation(
          "an LSE of the answer is −∞, but a part without tokens is marked by "
              + convention.emptyLse());
    }
    return lse == convention.emptyLse() ? Double.NEGATIVE_INFINITY : lse;
  }

  private static void requireSize(String what, String axes, int expected, int got) {
    if (expected != got) {
      throw new LawViolation(
          "the answer has %d %s, expected %d: %s".formatted(got, what, expected, axes));
    }
  }

  @Override
  public double output(int row, int i) {
    return outputs[row * asked.dim + i];
  }

  @Override
  public double lse(int row) {
    return lses[row];
  }

  /** The answer as a stack of one shard, to be merged again. */
  public Stack asStack() {
    return Stack.of(
        asked.convention, new int[] {1, asked.tokens, asked.heads, asked.dim}, outputs, lses);
  }

  public boolean sameBits(Answer other) {
    return Arrays.equals(outputs, other.outputs) && Arrays.equals(lses, other.lses);
  }
}
