package dev.helix.attention.convention;

/**
 * How an implementation rounds, as far as the bounds of its errors depend on it.
 *
 * @param formats the number formats, whose unit roundoffs make the bounds
 * @param protocol what is summed where, and in which order
 * @param functionUlps how far its exp and log may be off, in units in the last place
 * @param flushesSubnormals whether a number below the smallest normal one may become 0
 */
public record Roundings(
    Formats formats, Protocol protocol, double functionUlps, boolean flushesSubnormals) {
  /**
   * Checks the accuracy.
   *
   * @throws IllegalArgumentException if {@code functionUlps} is below 0.5, which is correct
   *     rounding
   */
  public Roundings {
    if (!(functionUlps >= 0.5)) {
      throw new IllegalArgumentException("function ulps: expected >= 0.5, got " + functionUlps);
    }
  }

  /**
   * The roundings of an implementation whose functions are as accurate as is usual in these
   * formats, and which says nothing about its protocol.
   */
  public static Roundings of(Precision precision) {
    return new Roundings(Formats.of(precision), Protocol.UNSTATED, precision.functionUlps(), false);
  }

  /** The formats of answers and log-sum-exps. */
  public Precision precision() {
    return formats.precision();
  }

  /** These roundings in other formats. */
  public Roundings in(Formats others) {
    return new Roundings(others, protocol, functionUlps, flushesSubnormals);
  }

  /** These roundings under another protocol. */
  public Roundings under(Protocol other) {
    return new Roundings(formats, other, functionUlps, flushesSubnormals);
  }

  /** These roundings with functions of another accuracy. */
  public Roundings functionUlps(double ulps) {
    return new Roundings(formats, protocol, ulps, flushesSubnormals);
  }

  /** These roundings of an implementation that may, or does not, flush subnormal numbers to 0. */
  public Roundings flushing(boolean does) {
    return new Roundings(formats, protocol, functionUlps, does);
  }
}
