package dev.helix.tensor.exact;

/**
 * Thrown if a number leaves the range in which the {@code exact} reading can keep its promise: NaN,
 * an infinity, a score beyond the exponents of its accumulators, or a sum that no double can hold.
 * The message names the operation and the number. The reading gives no bits rather than wrong ones.
 */
public final class ExactRangeException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  public ExactRangeException(String message) {
    super(message);
  }
}
