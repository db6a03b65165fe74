package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.rotary.RotaryAngles;

/**
 * The true answer to a question to a partial attention, from 50 digits, and how far an answer may
 * be from it. Row r is that of token r / heads and head r mod heads.
 */
public final class TrueAttention {
  private final AttentionInput asked;
  private final AttentionReference reference;

  /** Prepares the true answer; rows are computed when they are asked for. */
  public TrueAttention(Convention convention, AttentionInput asked) {
    this.asked = asked;
    this.reference = asked.reference(convention, RotaryAngles.IN_FORMAT);
  }

  /** Number of rows. */
  public int rows() {
    return asked.tokens() * asked.heads();
  }

  /** Whether a row sees no token, and no sink that is counted. */
  public boolean isEmpty(int row) {
    return row(row).isEmpty();
  }

  /** Component i of the output of a row, as the nearest double. */
  public double output(int row, int i) {
    return row(row).output(i);
  }

  /** The bound of that component's error. */
  public double outputBound(int row, int i) {
    return row(row).outputBound(i) + Math.ulp(output(row, i));
  }

  /** The log-sum-exp of a row in the base of the convention, as the nearest double. */
  public double lse(int row) {
    return row(row).lseInBase();
  }

  /** The bound of that log-sum-exp's error. */
  public double lseBound(int row) {
    return row(row).lseBound() + Math.ulp(lse(row));
  }

  private AttentionReference.Row row(int row) {
    return reference.row(row / asked.heads(), row % asked.heads());
  }
}
