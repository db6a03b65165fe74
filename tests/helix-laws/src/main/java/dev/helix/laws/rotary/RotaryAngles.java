package dev.helix.laws.rotary;

/** The precision in which an implementation computes the angles of a rotary embedding. */
public enum RotaryAngles {
  /**
   * Frequencies, their products with positions, and cosines and sines are computed in the format of
   * log-sum-exps. Most serving systems do so in single precision. The product alone is then off by
   * up to half a unit in the last place of the angle, which is 0.03 radians at position 2²⁰.
   */
  IN_FORMAT,
  /**
   * All of them are computed in double precision, at once or as a table, and only the cosines and
   * sines are rounded to the format of log-sum-exps.
   */
  IN_DOUBLE
}
