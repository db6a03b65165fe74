package dev.helix.runtime.sharded.reference;

import dev.helix.attention.bounds.KernelErrorBound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The true states of many rows, where a row is one query head of one token, with the bounds of
 * another program's errors.
 */
public final class RowStates {
  private final int rows;
  private final int dim;

  final double[] lses;
  final double[] lseBounds;
  final double[] outputs;
  final double[] outputBounds;
  final double[] largestScores;

  /** What bounds are made of: the facts of each row, and Σ pⱼ|vⱼ| of each component. */
  final List<Optional<KernelErrorBound.Row>> facts;

  final double[] magnitudes;
  final double[] largestValues;

  /** Creates states of rows without any tokens. */
  RowStates(int rows, int dim) {
    this.rows = rows;
    this.dim = dim;
    this.lses = new double[rows];
    Arrays.fill(lses, Double.NEGATIVE_INFINITY);
    this.lseBounds = new double[rows];
    this.outputs = new double[rows * dim];
    this.outputBounds = new double[rows * dim];
    this.largestScores = lses.clone();
    this.facts = new ArrayList<>(Collections.nCopies(rows, Optional.empty()));
    this.magnitudes = new double[rows * dim];
    this.largestValues = new double[rows];
  }

  /** Computes the bounds of a row that has tokens. */
  void bound(int row, KernelErrorBound bound) {
    KernelErrorBound.Row tokens = facts.get(row).orElseThrow();
    lseBounds[row] = bound.lse(tokens);
    for (int i = row * dim; i < (row + 1) * dim; i++) {
      outputBounds[i] = bound.output(tokens, outputs[i], magnitudes[i], largestValues[row]);
    }
  }

  /** The same states with the bounds of another kernel, for states as they were computed. */
  public RowStates under(KernelErrorBound bound) {
    RowStates changed = copy();
    for (int row = 0; row < rows; row++) {
      if (facts.get(row).isPresent()) {
        changed.bound(row, bound);
      }
    }
    return changed;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of components of an output. */
  public int dim() {
    return dim;
  }

  /** Whether a row has no token and no sink. */
  public boolean isEmpty(int row) {
    return lses[row] == Double.NEGATIVE_INFINITY;
  }

  /** The log-sum-exp of a row in nats; −∞ if it is empty. */
  public double lse(int row) {
    return lses[row];
  }

  /** The bound of a log-sum-exp, in nats. */
  public double lseBound(int row) {
    return lseBounds[row];
  }

  /** One component of the output of a row; 0 if it is empty. */
  public double output(int row, int component) {
    return outputs[row * dim + component];
  }

  /** The bound of one component of an output. */
  public double outputBound(int row, int component) {
    return outputBounds[row * dim + component];
  }

  /** The greatest score of a row; −∞ if it is empty. */
  public double largestScore(int row) {
    return largestScores[row];
  }

  /** The output of a row, {@code [dim]}. */
  public double[] output(int row) {
    return Arrays.copyOfRange(outputs, row * dim, (row + 1) * dim);
  }

  /** The bounds of the output of a row, {@code [dim]}. */
  public double[] outputBounds(int row) {
    return Arrays.copyOfRange(outputBounds, row * dim, (row + 1) * dim);
  }

  /** The same states with all log-sum-exps, and their bounds, multiplied. */
  public RowStates lsesTimes(double factor) {
    RowStates changed = copy();
    for (int row = 0; row < rows; row++) {
      changed.lses[row] *= factor;
      changed.lseBounds[row] *= Math.abs(factor);
    }
    return changed;
  }

  /** The same outputs with the log-sum-exps of other states. */
  public RowStates withLsesOf(RowStates others) {
    RowStates changed = copy();
    System.arraycopy(others.lses, 0, changed.lses, 0, rows);
    System.arraycopy(others.lseBounds, 0, changed.lseBounds, 0, rows);
    return changed;
  }

  /**
   * The log-sum-exps {@code [tokens, heads]} as they are read where {@code [heads, tokens]} was
   * written, or the reverse.
   */
  public RowStates withLsesTransposed(int heads) {
    RowStates changed = copy();
    for (int row = 0; row < rows; row++) {
      int other = transposed(row, heads);
      changed.lses[row] = lses[other];
      changed.lseBounds[row] = lseBounds[other];
    }
    return changed;
  }

  /** The outputs in the same confusion of {@code [tokens, heads]} with {@code [heads, tokens]}. */
  public RowStates withOutputsTransposed(int heads) {
    RowStates changed = copy();
    for (int row = 0; row < rows; row++) {
      int other = transposed(row, heads);
      System.arraycopy(outputs, other * dim, changed.outputs, row * dim, dim);
      System.arraycopy(outputBounds, other * dim, changed.outputBounds, row * dim, dim);
    }
    return changed;
  }

  /** Outputs that are not divided by their sum of weights, which are relative to the greatest. */
  public RowStates undivided() {
    RowStates changed = copy();
    for (int row = 0; row < rows; row++) {
      double sum = isEmpty(row) ? 1 : Math.exp(lses[row] - largestScores[row]);
      for (int i = row * dim; i < (row + 1) * dim; i++) {
        changed.outputs[i] *= sum;
        changed.outputBounds[i] *= sum;
      }
    }
    return changed;
  }

  private int transposed(int row, int heads) {
    int tokens = rows / heads;
    return row % tokens * heads + row / tokens;
  }

  private RowStates copy() {
    RowStates copy = new RowStates(rows, dim);
    System.arraycopy(lses, 0, copy.lses, 0, rows);
    System.arraycopy(lseBounds, 0, copy.lseBounds, 0, rows);
    System.arraycopy(outputs, 0, copy.outputs, 0, outputs.length);
    System.arraycopy(outputBounds, 0, copy.outputBounds, 0, outputs.length);
    System.arraycopy(largestScores, 0, copy.largestScores, 0, rows);
    System.arraycopy(magnitudes, 0, copy.magnitudes, 0, magnitudes.length);
    System.arraycopy(largestValues, 0, copy.largestValues, 0, rows);
    Collections.copy(copy.facts, facts);
    return copy;
  }
}
