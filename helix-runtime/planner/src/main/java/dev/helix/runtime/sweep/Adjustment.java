package dev.helix.runtime.sweep;

/**
 * A change of a machine's overheads, to see how much a result depends on them.
 *
 * @param exchangeMicros what each exchange takes in addition; may be negative, but no exchange
 *     begins before it is asked for, which those of a preset without latency would
 * @param launchMicros what each launch of a GEMM or of experts takes in addition
 */
public record Adjustment(double exchangeMicros, double launchMicros) {
  /** No change. */
  public static final Adjustment NONE = new Adjustment(0, 0);
}
