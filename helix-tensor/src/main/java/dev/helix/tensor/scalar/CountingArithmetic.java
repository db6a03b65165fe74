package dev.helix.tensor.scalar;

import dev.helix.tensor.mesh.RankScope;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Arithmetic in double precision that counts its operations, under the name of the launch that the
 * rank's scope is in. Elementary functions are those of {@link StrictMath}, whose bits are the same
 * on every machine.
 *
 * <p>An overflow becomes an infinity, and later NaN, as usual with doubles. In {@link #compare} NaN
 * is greater than everything else, so that a maximum cannot hide it.
 *
 * <p>For one rank and its thread. Others may read the counts when the rank has ended.
 */
public final class CountingArithmetic extends DoubleArithmetic {
  private final RankScope scope;
  private final SortedMap<String, Tally> tallies = new TreeMap<>();
  private String operation;
  private Tally tally;

  /**
   * Creates the arithmetic of one rank.
   *
   * @param scope names the operation that is being computed
   */
  public CountingArithmetic(RankScope scope) {
    this.scope = scope;
    this.operation = scope.operation();
    this.tally = new Tally();
    tallies.put(operation, tally);
  }

  /**
   * The counts of each operation so far, over all its launches. Operations that did nothing are
   * left out.
   */
  public SortedMap<String, OperationCounts> counts() {
    SortedMap<String, OperationCounts> counts = new TreeMap<>();
    tallies.forEach(
        (name, done) -> {
          OperationCounts soFar = done.counts();
          if (!soFar.equals(OperationCounts.NONE)) {
            counts.put(name, soFar);
          }
        });
    return counts;
  }

  /** The counts of one operation so far; {@link OperationCounts#NONE} if it did nothing. */
  public OperationCounts counts(String operationName) {
    return counts().getOrDefault(operationName, OperationCounts.NONE);
  }

  @Override
  public Double add(Double a, Double b) {
    current().additions++;
    return a + b;
  }

  @Override
  public Double subtract(Double a, Double b) {
    current().additions++;
    return a - b;
  }

  @Override
  public Double multiply(Double a, Double b) {
    current().multiplications++;
    return a * b;
  }

  @Override
  public Double divide(Double a, Double b) {
    current().divisions++;
    return a / b;
  }

  @Override
  public Double squareRoot(Double a) {
    current().roots++;
    return StrictMath.sqrt(a);
  }

  @Override
  public Double exp(Double a) {
    current().exponentials++;
    return StrictMath.exp(a);
  }

  /**
   * The hyperbolic tangent, counted as an exponential because GPUs compute both in the same unit.
   */
  @Override
  public Double tanh(Double a) {
    current().exponentials++;
    return StrictMath.tanh(a);
  }

  @Override
  public Double log(Double a) {
    current().logarithms++;
    return StrictMath.log(a);
  }

  @Override
  public int compare(Double a, Double b) {
    current().comparisons++;
    return super.compare(a, b);
  }

  private Tally current() {
    String launched = scope.operation();
    if (!launched.equals(operation)) {
      operation = launched;
      tally = tallies.computeIfAbsent(launched, name -> new Tally());
    }
    return tally;
  }

  private static final class Tally {
    long additions;
    long multiplications;
    long divisions;
    long roots;
    long exponentials;
    long logarithms;
    long comparisons;

    OperationCounts counts() {
      return new OperationCounts(
          additions, multiplications, divisions, roots, exponentials, logarithms, comparisons);
    }
  }
}
