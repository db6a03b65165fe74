package dev.helix.laws.rotary;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.rotary.RotaryScaling.Linear;
import dev.helix.laws.rotary.RotaryScaling.Llama3;
import dev.helix.laws.rotary.RotaryScaling.Yarn;
import dev.helix.tensor.DType;

/**
 * The bound of an implementation's error in a turned component, as a share of |a| + |b| for its
 * pair (a, b).
 *
 * <p>With u the unit roundoff in which it computes angles, w that in which it computes products, v
 * that in which it keeps turned queries and keys, F the ulps of its functions, x = 2i/dims and p
 * the position:
 *
 * <ul>
 *   <li>the frequency θ<sup>−x</sup>, by a power or by logarithm and exponential, is off by (2F + 2
 *       + (2F + 3)·x·ln θ)·u of itself;
 *   <li>the scaling adds u where it is a division; in Llama 3's band 5u and |Δt|·|1 −
 *       1/factor|·φ/φ′ with |Δt| ≤ (ε + 3u)·r/(high − low) + 3u and r = original·φ/2π; with YaRN 5u
 *       and |Δr|·|1 − 1/factor|·φ/φ′, where |Δr| ≤ 3u if the ends of the ramp are whole numbers,
 *       and otherwise 4·dims·(4F + 8)·u/(its length) more, since each end is at most dims;
 *   <li>the angle is off by p·φ·(ε + u), and no cosine or sine by more than 2;
 *   <li>cosine and sine are off by 2F·u, and by w more if they are rounded to another format;
 *   <li>two products and a sum are off by 4w, what is kept by v, and YaRN's factor by (4F + 10)·w.
 * </ul>
 */
public final class RotaryBound {
  private final RotaryRule rule;
  private final RotaryReference reference;
  private final double ofAngles;
  private final double unit;
  private final double kept;
  private final double functionUlps;

  public RotaryBound(
      RotaryRule rule, RotaryReference reference, Convention convention, RotaryAngles angles) {
    this.rule = rule;
    this.reference = reference;
    this.unit = Precision.unit(convention.precision().lse());
    this.ofAngles =
        angles == RotaryAngles.IN_DOUBLE ? Math.min(unit, Precision.unit(DType.F64)) : unit;
    this.kept = Precision.unit(convention.precision().output());
    this.functionUlps = convention.functionUlps();
  }

  /** The bound of the error of a component of pair i at a position, as a share of |a| + |b|. */
  public double component(int i, int position) {
    double angle = position * reference.frequency(i) * (frequency(i) + ofAngles);
    double functions = 2 * functionUlps * ofAngles + (ofAngles == unit ? 0 : unit);
    boolean yarn = rule.scaling() instanceof Yarn;
    double amplitude = yarn ? 4 * functionUlps + 10 : 0;
    return Math.min(2, angle) + functions + (4 + amplitude) * unit + kept;
  }

  /** The relative error of YaRN's factor of scores, in units of u; 0 without one. */
  public double scoreFactor() {
    return rule.scaling() instanceof Yarn ? 4 * functionUlps + 10 : 0;
  }

  private double frequency(int i) {
    double exponent = 2.0 * i / rule.dims() * Math.log(rule.theta());
    double power =
        i == 0 ? 0 : (2 * functionUlps + 2 + (2 * functionUlps + 3) * exponent) * ofAngles;
    double stretch = reference.unscaledFrequency(i) / reference.frequency(i);
    if (rule.scaling() instanceof Linear) {
      return power + ofAngles;
    }
    if (rule.scaling() instanceof Llama3 llama) {
      double turns = llama.original() * reference.unscaledFrequency(i) / (2 * Math.PI);
      double t = (power + 3 * ofAngles) * turns / (llama.high() - llama.low()) + 3 * ofAngles;
      return power + 5 * ofAngles + t * Math.abs(1 - 1 / llama.factor()) * stretch;
    }
    if (rule.scaling() instanceof Yarn yarn) {
      return power + 5 * ofAngles + ramp(yarn) * Math.abs(1 - 1 / yarn.factor()) * stretch;
    }
    return power;
  }

  private double ramp(Yarn yarn) {
    if (yarn.ramp().truncated()) {
      return 3 * ofAngles;
    }
    double pairs = rule.dims() / (2 * Math.log(rule.theta()));
    double length = pairs * Math.log(yarn.ramp().fast() / yarn.ramp().slow());
    double shortened =
        Math.min(length, pairs * Math.log(yarn.original() / (2 * Math.PI * yarn.ramp().slow())));
    return 3 * ofAngles + 4 * rule.dims() * (4 * functionUlps + 8) * ofAngles / shortened;
  }
}
