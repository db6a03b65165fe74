package dev.helix.runtime.verify;

import java.util.List;

/**
 * A run's errors against 50-digit numbers, part by part.
 *
 * @param rows in the order of the program
 * @param otherExperts choices of experts, of a token in a layer, that the oracle made otherwise:
 *     what followed from them in that layer is not compared
 */
public record OracleComparison(List<Row> rows, int otherExperts) {
  public OracleComparison {
    rows = List.copyOf(rows);
  }

  /** Whether every row is within the bound that was derived for it. */
  public boolean passed() {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.comparison().report().passed());
  }

  /** The largest share of its bound that any element took. */
  public double worstShare() {
    return rows.stream().mapToDouble(row -> row.comparison().report().worstShare()).max().orElse(0);
  }

  /** The largest error in units of the last place. */
  public double worstUlp() {
    return rows.stream().mapToDouble(row -> row.comparison().report().maxUlp()).max().orElse(0);
  }

  /**
   * One place of the program.
   *
   * @param comparison with the oracle's numbers, rounded to double
   * @param downcastMaxAbs the largest error of the downcast reference there
   */
  public record Row(Comparison comparison, double downcastMaxAbs) {
    /**
     * The run's largest error as a multiple of the downcast reference's: how FlashAttention's tests
     * state a tolerance. 0 if neither errs.
     */
    public double multiple() {
      double error = comparison.report().maxAbs();
      return error == 0 ? 0 : error / downcastMaxAbs;
    }
  }
}
