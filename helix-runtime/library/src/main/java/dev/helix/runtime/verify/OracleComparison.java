package dev.helix.runtime.verify;

import java.util.List;

/**
 * The errors of a run, measured against 50-digit numbers, part by part.
 *
 * @param rows in the order of the program
 * @param otherExperts in how many cases the oracle chose other experts for a token in a layer; what
 *     follows from such a choice in that layer is not compared
 */
public record OracleComparison(List<Row> rows, int otherExperts) {
  public OracleComparison {
    rows = List.copyOf(rows);
  }

  /** Whether every row is within its derived bound. */
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
   * The errors at one tap point.
   *
   * @param comparison the comparison with the oracle's numbers, rounded to double
   * @param downcastMaxAbs the largest error of the downcast reference there
   */
  public record Row(Comparison comparison, double downcastMaxAbs) {
    /**
     * The run's largest error as a multiple of the downcast reference's, which is how
     * FlashAttention's tests state a tolerance. It is 0 if neither errs.
     */
    public double multiple() {
      double error = comparison.report().maxAbs();
      return error == 0 ? 0 : error / downcastMaxAbs;
    }
  }
}
