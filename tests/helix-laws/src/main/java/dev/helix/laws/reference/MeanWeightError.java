package dev.helix.laws.reference;

/**
 * Estimates from many merged rows how far the weight of each part is off on the mean, and says how
 * far roundings may take that estimate. A weight that is 1% too large is lost in the rounding of
 * one BF16 output; it is not lost in the mean of 4,096 of them.
 *
 * <p>If the weight of part i is too large by a share θ of itself, the output O = Σ pⱼOⱼ of a row
 * moves by θ·dᵢ with dᵢ = pᵢ(Oᵢ − O), to first order and with weights that sum to 1. With E the
 * error of each row's output, θ is estimated as Σ E·dᵢ / Σ dᵢ², over all rows.
 *
 * <p><b>Threshold.</b> The error of a row has two shares. The fine one, f, is made in the format of
 * log-sum-exps; an exponential that is off in one direction makes it in all rows alike, so all of
 * it is allowed: Σ f·|dᵢ|. The coarse one is made where factors, products, sums and answers are
 * rounded to nearest in coarser formats. Rows have other weights and other values, drawn from
 * continuous distributions, so these errors are taken to be independent and of mean 0, as in N.
 * Higham and T. Mary, "A New Approach to Probabilistic Rounding Error Analysis" (2019). Each is at
 * most the bound b of its row, so that by Hoeffding's inequality Σ E·dᵢ exceeds λ·√(Σ (b·dᵢ)²) with
 * a probability of at most 2·exp(−λ²/2); λ = {@value #LAMBDA} leaves 3e-8. Rounding to nearest has
 * a mean that differs from 0 by the square of its unit at most, which is allowed as well: Σ
 * v·b·|dᵢ| with v the coarsest unit.
 */
public final class MeanWeightError {
  /** λ. */
  private static final double LAMBDA = 6;

  private final double coarsestUnit;
  private final double[] products;
  private final double[] squares;
  private final double[] allowed;
  private final double[] variances;

  /**
   * Begins without rows.
   *
   * @param parts number of parts of each row
   * @param coarsestUnit v, the unit roundoff of the coarsest format in which anything is rounded
   */
  public MeanWeightError(int parts, double coarsestUnit) {
    this.coarsestUnit = coarsestUnit;
    this.products = new double[parts];
    this.squares = new double[parts];
    this.allowed = new double[parts];
    this.variances = new double[parts];
  }

  /**
   * Adds a component of a row.
   *
   * @param weights pᵢ, which sum to 1
   * @param values Oᵢ
   * @param got the merged output that came
   * @param bound b, how far it may be off
   * @param fine f, how far it may be off if nothing is rounded to a coarser format than that of
   *     log-sum-exps
   */
  public void add(double[] weights, double[] values, double got, double bound, double fine) {
    double output = 0;
    double magnitude = 0;
    for (int i = 0; i < weights.length; i++) {
      output += weights[i] * values[i];
      magnitude += weights[i] * Math.abs(values[i]);
    }
    double exact = fine + 0x1p-48 * magnitude;
    for (int i = 0; i < weights.length; i++) {
      double moved = weights[i] * (values[i] - output);
      products[i] += (got - output) * moved;
      squares[i] += moved * moved;
      allowed[i] += (exact + coarsestUnit * bound) * Math.abs(moved);
      variances[i] += bound * moved * bound * moved;
    }
  }

  /** Number of parts. */
  public int parts() {
    return products.length;
  }

  /** The share by which the weight of a part is too large, as it is estimated. */
  public double estimate(int part) {
    return products[part] / squares[part];
  }

  /** The largest magnitude of {@link #estimate} that roundings explain. */
  public double threshold(int part) {
    return (allowed[part] + LAMBDA * Math.sqrt(variances[part])) / squares[part];
  }
}
