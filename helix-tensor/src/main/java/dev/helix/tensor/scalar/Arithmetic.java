package dev.helix.tensor.scalar;

/**
 * The operations on numbers that the scalar kernels use. Each reading chooses an implementation.
 * One instance serves one rank and, unless it says more, one thread.
 *
 * <p>All numbers are finite as far as this interface is concerned. What is not a number (an element
 * that was never written, the log-sum-exp of no tokens) is a matter of {@link ScalarTensor}. So an
 * arithmetic need not have infinities; one that has them may let an overflow become one.
 *
 * @param <S> an immutable number
 */
public interface Arithmetic<S> {
  /**
   * The number of exactly this value. This is not an operation and rounds nothing.
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

  /** −a. It is exact, and never counted as an operation. */
  S negate(S a);

  /** √a, for a number a ≥ 0. */
  S squareRoot(S a);

  /** The natural exponential. */
  S exp(S a);

  /**
   * The hyperbolic tangent. The default is (1 − e)/(1 + e) with e = exp(−2|a|). Near 0 its error is
   * a unit in the last place of 1, and not of the result; an arithmetic may have a better method.
   */
  default S tanh(S a) {
    boolean negative = compare(a, zero()) < 0;
    S magnitude = negative ? negate(a) : a;
    S e = exp(negate(add(magnitude, magnitude)));
    S tangent = divide(subtract(of(1), e), add(of(1), e));
    return negative ? negate(tangent) : tangent;
  }

  /** The natural logarithm, for a number &gt; 0. */
  S log(S a);

  /**
   * Compares two numbers.
   *
   * @return less than, equal to or greater than 0 as {@code a} is less than, equal to or greater
   *     than {@code b}
   */
  int compare(S a, S b);

  /** The nearest double, for reports and comparisons but not for computing. */
  double toDouble(S a);

  /** The number as bytes, as many as it needs, so that it crosses between ranks unrounded. */
  byte[] encode(S a);

  /**
   * The number for which {@link #encode} gave these bytes.
   *
   * @throws IllegalArgumentException if it cannot have given them
   */
  S decode(byte[] bytes);

  /**
   * sum + a·b, in two operations. A sum of n products that starts from zero thus takes n additions
   * and n multiplications: the 2n FLOPs that matrix products are commonly counted with.
   */
  default S addProduct(S sum, S a, S b) {
    return add(sum, multiply(a, b));
  }

  /** The greater of two numbers, found with one comparison. */
  default S max(S a, S b) {
    return compare(a, b) < 0 ? b : a;
  }
}
