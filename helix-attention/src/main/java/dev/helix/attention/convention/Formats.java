package dev.helix.attention.convention;

import dev.helix.tensor.DType;
import java.util.List;

/**
 * The number format of each quantity of a merge. They may differ: BF16 outputs with FP32
 * log-sum-exps are usual, and a kernel that combines its own splits is given FP32 outputs and
 * answers in BF16.
 *
 * @param partial format of the partial outputs that are given
 * @param lse format of log-sum-exps, maxima and sums; exponentials and logarithms are taken in it
 * @param factor format to which a part's weight is rounded before its output is multiplied by it
 * @param accumulator format of weighted outputs and of their sums
 * @param answer format of the merged output
 */
public record Formats(DType partial, DType lse, DType factor, DType accumulator, DType answer) {
  private static final List<Precision> PRECISIONS = List.of(Precision.values());

  /**
   * Checks that a merge can be computed in all of them.
   *
   * @throws IllegalArgumentException naming the format that is none of FP64, FP32, BF16 and FP16,
   *     or if no {@link Precision} has the answer's format with this one of log-sum-exps
   */
  public Formats {
    for (DType format : new DType[] {partial, lse, factor, accumulator, answer}) {
      Precision.unit(format);
    }
    precision(answer, lse);
  }

  /**
   * The formats of a merge that sums in the format of its log-sum-exps, and answers as it is given.
   */
  public static Formats of(Precision precision) {
    return new Formats(
        precision.output(), precision.lse(), precision.lse(), precision.lse(), precision.output());
  }

  /**
   * These formats with another one for the answers of a merge. What had the format of answers has
   * the new one, and what had that of log-sum-exps has theirs; where both were one format, all
   * becomes what {@link #of} says.
   */
  public Formats in(Precision other) {
    return answer == lse
        ? of(other)
        : new Formats(
            replaced(partial, other),
            other.lse(),
            replaced(factor, other),
            replaced(accumulator, other),
            other.output());
  }

  private DType replaced(DType format, Precision other) {
    return format == answer ? other.output() : other.lse();
  }

  /** These formats with another one for partial outputs. */
  public Formats withPartial(DType format) {
    return new Formats(format, lse, factor, accumulator, answer);
  }

  /**
   * These formats with factors, products and sums in another one, as where a part is scaled in
   * place.
   */
  public Formats summedIn(DType format) {
    return new Formats(partial, lse, factor, format, answer);
  }

  /** These formats with another one for the factors of a merge. */
  public Formats withFactor(DType format) {
    return new Formats(partial, lse, format, accumulator, answer);
  }

  /** The formats of the answer and of log-sum-exps. */
  public Precision precision() {
    return precision(answer, lse);
  }

  private static Precision precision(DType answer, DType lse) {
    for (Precision precision : PRECISIONS) {
      if (precision.output() == answer && precision.lse() == lse) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "formats: no merge answers in %s with log-sum-exps in %s".formatted(answer, lse));
  }
}
