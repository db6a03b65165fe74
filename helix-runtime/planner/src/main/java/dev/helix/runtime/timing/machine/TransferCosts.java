package dev.helix.runtime.timing.machine;

/**
 * The constants of exchanges of one family, after LogGP (Alexandrov et al. 1995). An exchange takes
 * latency + min(rampCap, bytes · rampTime), which does not occupy the link, and bytes / (link ·
 * efficiency), which does. Bytes are those that one rank sends. The latency of N ranks is that of
 * two ranks and (log₂ N − 1) · latencyPerDoubling.
 *
 * @param latencyOnBoard latency of two ranks on one tray
 * @param latencyBeyond latency of two ranks on two trays
 * @param latencyPerDoubling what each doubling of the group adds; 0 if a preset does not say
 */
public record TransferCosts(
    Constant latencyOnBoard,
    Constant latencyBeyond,
    Constant latencyPerDoubling,
    Constant rampTime,
    Constant rampCap,
    Constant efficiency) {
  static TransferCosts read(ConstantFields fields) {
    try (fields) {
      return new TransferCosts(
          fields.atLeastZero("latencyOnBoard", Unit.MICROS),
          fields.atLeastZero("latencyBeyond", Unit.MICROS),
          fields.atLeastZeroOrAbsent("latencyPerDoubling", Unit.MICROS),
          fields.atLeastZero("rampTime", Unit.MICROS_PER_MEGABYTE),
          fields.atLeastZero("rampCap", Unit.MICROS),
          fields.fraction("efficiency"));
    }
  }

  /** The latency of a group, all of whose ranks are on one tray or not. */
  public double latencyMicros(int ranks, boolean onBoard) {
    double two = (onBoard ? latencyOnBoard : latencyBeyond).value();
    double doublings = Math.max(0, Math.log(ranks) / Math.log(2) - 1);
    return two + doublings * latencyPerDoubling.value();
  }
}
