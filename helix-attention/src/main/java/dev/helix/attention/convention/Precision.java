package dev.helix.attention.convention;

import dev.helix.tensor.DType;

/**
 * The number formats of an implementation: one for its outputs, and one for its log-sum-exps and
 * sums.
 */
public enum Precision {
  FP64(DType.F64, DType.F64, 1),
  FP32(DType.F32, DType.F32, 2),
  BF16(DType.BF16, DType.F32, 2),
  FP16(DType.F16, DType.F32, 2);

  private final DType output;
  private final DType lse;
  private final double functionUlps;

  Precision(DType output, DType lse, double functionUlps) {
    this.output = output;
    this.lse = lse;
    this.functionUlps = functionUlps;
  }

  /** The format of partial and merged outputs. */
  public DType output() {
    return output;
  }

  /** The format of log-sum-exps. Bounds assume that the merge also adds in this format. */
  public DType lse() {
    return lse;
  }

  /**
   * How far exp and log may be off, in units in the last place: 1 in double precision, as in Java,
   * and 2 in single precision, as CUDA documents for expf and logf.
   */
  public double functionUlps() {
    return functionUlps;
  }

  /** The unit roundoff u of a format: half the distance from 1 to the next number. */
  public static double unit(DType format) {
    return switch (format) {
      case F64 -> 0x1p-53;
      case F32 -> 0x1p-24;
      case BF16 -> 0x1p-8;
      case F16 -> 0x1p-11;
      default -> throw new IllegalArgumentException("no merge is computed in " + format);
    };
  }

  /** The smallest positive number of a format that has all its digits. */
  public static double normal(DType format) {
    return switch (format) {
      case F64 -> 0x1p-1022;
      case F32, BF16 -> 0x1p-126;
      case F16 -> 0x1p-14;
      default -> throw new IllegalArgumentException("no merge is computed in " + format);
    };
  }

  /** The smallest positive number of a format. */
  public static double tiny(DType format) {
    return switch (format) {
      case F64 -> 0x1p-1074;
      case F32 -> 0x1p-149;
      case BF16 -> 0x1p-133;
      case F16 -> 0x1p-24;
      default -> throw new IllegalArgumentException("no merge is computed in " + format);
    };
  }

  /** The distance between the numbers of a format around x: a unit in the last place. */
  public static double ulp(DType format, double x) {
    double magnitude = Math.abs(format.round(x));
    if (magnitude < normal(format)) {
      return tiny(format);
    }
    return Math.scalb(2 * unit(format), Math.getExponent(magnitude));
  }
}
