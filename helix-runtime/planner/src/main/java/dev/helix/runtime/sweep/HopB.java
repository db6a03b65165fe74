package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.schedule.Accounting;

/**
 * How HOP-B splits attention, exchange and merge of a group's requests (Helix Parallelism §2).
 *
 * @param pieces number of equal pieces; 1 is HOP-B off
 * @param accounting how overhead and latency of the pieces count
 */
public record HopB(int pieces, Accounting accounting) {
  /** Everything in one piece. */
  public static final HopB OFF = new HopB(1, Accounting.PER_PIECE);

  public boolean isOn() {
    return pieces > 1;
  }

  @Override
  public String toString() {
    return isOn() ? pieces + " pieces, " + accounting : "off";
  }
}
