package dev.helix.tensor.exact;

/**
 * A number has left the range in which the {@code exact} reading keeps its word: NaN, an infinity,
 * a score beyond the exponents of its accumulators, a sum that no double can hold. The message
 * names the operation and the number. The reading gives no bits rather than wrong ones.
 */
public final class ExactRangeException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  public ExactRangeException(String message) {
    super(message);
  }
}
