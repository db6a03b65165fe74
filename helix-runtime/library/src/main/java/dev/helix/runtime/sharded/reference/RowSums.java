package dev.helix.runtime.sharded.reference;

import dev.helix.attention.bounds.KernelErrorBound;
import java.util.Optional;

/**
 * Adds up one row, Σ e^s and Σ e^s·v, token by token in any number of blocks. Sums are kept
 * relative to the greatest score so far, and in twice the digits of a double (T. J. Dekker, 1971;
 * the sum of two is D. E. Knuth's).
 *
 * <p>A rescaling is no such sum: its exponential, off by less than an ulp, and its product are
 * rounded to a double, which is at most 3·2<sup>−53</sup>. Rising scores may make them all err in
 * one direction; so they are counted, and each row states them as errors of its exponents.
 */
final class RowSums {
  private static final double RESCALING = 3 * 0x1p-53;

  private final double[] value;
  private final double[] valueRest;
  private final double[] magnitude;
  private double sum;
  private double sumRest;
  private double errors;
  private double largestError;
  private double greatest = Double.NEGATIVE_INFINITY;
  private double largestScore;
  private double largestValue;
  private long tokens;

  /** The most rescalings that a token has passed. */
  private long rescalings;

  RowSums(int dim) {
    this.value = new double[dim];
    this.valueRest = new double[dim];
    this.magnitude = new double[dim];
  }

  /** Rescales what has been added to a new greatest score, if it is greater. */
  void raise(double score) {
    if (!(score > greatest)) {
      return;
    }
    double factor = greatest == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(greatest - score);
    greatest = score;
    rescalings += tokens == 0 ? 0 : 1;
    sum *= factor;
    sumRest *= factor;
    errors *= factor;
    for (int i = 0; i < value.length; i++) {
      value[i] *= factor;
      valueRest[i] *= factor;
      magnitude[i] *= factor;
    }
  }

  /**
   * Counts a token, whose score is not above the greatest, in the denominator.
   *
   * @return its weight, relative to the greatest score
   */
  double weigh(double score, double scoreError) {
    double weight = StrictMath.exp(score - greatest);
    double total = sum + weight;
    double shown = total - sum;
    sumRest += (sum - (total - shown)) + (weight - shown);
    sum = total;
    errors += weight * scoreError;
    largestError = Math.max(largestError, scoreError);
    largestScore = Math.max(largestScore, Math.abs(score));
    tokens++;
    return weight;
  }

  /**
   * Adds the value of a token with its weight to the numerator.
   *
   * @param largest the largest magnitude of its components
   */
  void add(double weight, double[] token, double largest) {
    largestValue = Math.max(largestValue, largest);
    addProducts(weight, token, value, valueRest, magnitude);
  }

  private static void addProducts(
      double weight, double[] token, double[] value, double[] rest, double[] magnitude) {
    for (int i = 0; i < value.length; i++) {
      double product = weight * token[i];
      double before = value[i];
      double total = before + product;
      double shown = total - before;
      rest[i] += (before - (total - shown)) + (product - shown);
      value[i] = total;
      magnitude[i] += Math.abs(product);
    }
  }

  /** Adds the sums of later tokens, which are rescaled too. */
  void add(RowSums later) {
    if (later.tokens == 0) {
      return;
    }
    raise(later.greatest);
    later.raise(greatest);
    double total = sum + later.sum;
    double shown = total - sum;
    sumRest += later.sumRest + ((sum - (total - shown)) + (later.sum - shown));
    sum = total;
    errors += later.errors;
    largestError = Math.max(largestError, later.largestError);
    largestScore = Math.max(largestScore, later.largestScore);
    largestValue = Math.max(largestValue, later.largestValue);
    tokens += later.tokens;
    rescalings = Math.max(rescalings, later.rescalings);
    addProducts(1, later.value, value, valueRest, new double[value.length]);
    for (int i = 0; i < value.length; i++) {
      valueRest[i] += later.valueRest[i];
      magnitude[i] += later.magnitude[i];
    }
  }

  /** Writes the state of the row; a row without tokens stays as it is. */
  void finish(RowStates states, int row, KernelErrorBound bound) {
    if (tokens == 0) {
      return;
    }
    double total = sum + sumRest;
    double own = rescalings * RESCALING;
    states.lses[row] = greatest + StrictMath.log(total);
    states.largestScores[row] = greatest;
    states.facts.set(
        row,
        Optional.of(
            new KernelErrorBound.Row(
                tokens, largestScore, errors / total + own, largestError + own)));
    states.largestValues[row] = largestValue;
    for (int i = 0; i < value.length; i++) {
      states.outputs[row * value.length + i] = (value[i] + valueRest[i]) / total;
      states.magnitudes[row * value.length + i] = magnitude[i] / total;
    }
    states.bound(row, bound);
  }
}
