package dev.helix.runtime.timing.machine;

/**
 * The constants of exchanges of one family, after LogGP (Alexandrov et al. 1995). An exchange takes
 * latency + min(rampCap, bytes · rampTime), which does not occupy the link, and bytes / (link ·
 * efficiency), which does. Bytes are those that one rank sends.
 *
 * @param latencyOnBoard latency of a group on one tray
 * @param latencyBeyond latency of a group on several trays
 */
public record TransferCosts(
    Constant latencyOnBoard,
    Constant latencyBeyond,
    Constant rampTime,
    Constant rampCap,
    Constant efficiency) {
  static TransferCosts read(ConstantFields fields) {
    try (fields) {
      return new TransferCosts(
          fields.atLeastZero("latencyOnBoard", Unit.MICROS),
          fields.atLeastZero("latencyBeyond", Unit.MICROS),
          fields.atLeastZero("rampTime", Unit.MICROS_PER_MEGABYTE),
          fields.atLeastZero("rampCap", Unit.MICROS),
          fields.fraction("efficiency"));
    }
  }
}
