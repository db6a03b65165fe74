package dev.helix.tensor.scalar;

/**
 * What the scalar kernels do with numbers. One instance serves one rank and, unless it says more,
 * one thread.
 *
 * <p>Numbers are finite as far as this interface is concerned: what is not a number (a place never
 * written, the log-sum-exp of no tokens) is a matter of {@link ScalarTensor}. An arithmetic without
 * infinities can therefore stand here; one that has them may let an overflow become one.
 *
 * @param <S> an immutable number
 */
public interface Arithmetic<S> {
  /**
   * The number of exactly this value: not an operation, it rounds nothing.
   *
   * @throws IllegalArgumentException if the value is NaN or infinite
   */
  S of(double value);

  S zero();

  S add(S a, S b);

  /** a − b. */
  S subtract(S a, S b);

  S multiply(S a, S b);

  /** a / b. */
  S divide(S a, S b);

  /** −a: exact, and nowhere counted as an operation. */
  S negate(S a);

  /** √a, of a number ≥ 0. */
  S squareRoot(S a);

  /** The natural exponential. */
  S exp(S a);

  /**
   * The hyperbolic tangent. Unless an arithmetic has a better one: (1 − e)/(1 + e) with e =
   * exp(−2|a|), which near 0 is off by a unit of 1 and not of the result.
   */
  default S tanh(S a) {
    boolean negative = compare(a, zero()) < 0;
    S magnitude = negative ? negate(a) : a;
    S e = exp(negate(add(magnitude, magnitude)));
    S tangent = divide(subtract(of(1), e), add(of(1), e));
    return negative ? negate(tangent) : tangent;
  }

  /** The natural logarithm, of a number &gt; 0. */
  S log(S a);

  /**
   * Less than, equal to or greater than 0 as {@code a} is less than, equal to or greater than b.
   */
  int compare(S a, S b);

  /** The nearest double: for reports and comparisons, not for computing. */
  double toDouble(S a);

  /** A number as bytes, as many as it needs: it crosses between ranks unrounded. */
  byte[] encode(S a);

  /**
   * The number that {@link #encode} gave these bytes for.
   *
   * @throws IllegalArgumentException if it cannot have given them
   */
  S decode(byte[] bytes);

  /**
   * sum + a·b, in two operations. A sum of n products that starts from zero thus has n additions
   * and n multiplications, the 2n FLOPs by which matrix products are commonly reckoned.
   */
  default S addProduct(S sum, S a, S b) {
    return add(sum, multiply(a, b));
  }

  /** The greater of two numbers, by one comparison. */
  default S max(S a, S b) {
    return compare(a, b) < 0 ? b : a;
  }
}
