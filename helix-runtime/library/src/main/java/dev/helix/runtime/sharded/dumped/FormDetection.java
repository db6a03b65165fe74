package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Formats;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.Precision;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells from numbers in which format they were rounded, since a file may keep them in a wider one:
 * NumPy has no BF16.
 */
final class FormDetection {
  private static final List<DType> FORMATS = List.of(DType.BF16, DType.F16, DType.F32, DType.F64);

  /** Formats with fewer digits come first. */
  static final Comparator<DType> NARROW_FIRST = Comparator.comparingInt(FORMATS::indexOf);

  private FormDetection() {}

  /** The narrowest format that all finite numbers have; empty if there is none but 0. */
  static Optional<DType> of(double[] numbers) {
    if (Arrays.stream(numbers).allMatch(x -> x == 0 || !Double.isFinite(x))) {
      return Optional.empty();
    }
    return FORMATS.stream()
        .filter(
            format ->
                Arrays.stream(numbers).allMatch(x -> !Double.isFinite(x) || format.round(x) == x))
        .findFirst();
  }

  /** Whether all finite numbers, of which there are some but 0, are numbers of BF16 and of FP16. */
  static boolean isOpen(double[] numbers) {
    return of(numbers).equals(Optional.of(DType.BF16))
        && Arrays.stream(numbers).allMatch(x -> !Double.isFinite(x) || DType.F16.round(x) == x);
  }

  /**
   * A convention in the formats that the numbers of a dump have.
   *
   * @param partial the format of partial outputs, if there are any
   * @param answer the format of merged outputs, or of queries if there are none
   */
  static Convention inFormats(
      Convention convention, Optional<DType> partial, Optional<DType> answer) {
    Formats formats = convention.formats();
    DType sums = answer.equals(Optional.of(DType.F64)) ? DType.F64 : DType.F32;
    DType answered = answer.orElse(formats.answer());
    boolean same = answered == formats.answer() && sums == formats.lse();
    if (same && partial.orElse(formats.partial()) == formats.partial()) {
      return convention;
    }
    // What a convention rounds to its answers' format it rounds to the format found instead.
    Formats found =
        new Formats(
            partial.orElse(answered),
            sums,
            inPlaceOf(formats.factor(), formats, answered, sums),
            inPlaceOf(formats.accumulator(), formats, answered, sums),
            answered);
    return convention.with(convention.roundings().in(found));
  }

  private static DType inPlaceOf(DType format, Formats formats, DType answered, DType sums) {
    return format == formats.answer() && format != formats.lse() ? answered : sums;
  }

  /**
   * The roundings of the kernel that made the partial states of a convention.
   *
   * @param queries the format of queries, in which a kernel multiplies its weights
   */
  static KernelRoundings kernel(Convention convention, Optional<DType> queries) {
    KernelRoundings usual = KernelRoundings.of(convention);
    boolean doubles = usual.sums() == DType.F64;
    DType weights =
        queries.filter(format -> doubles || format != DType.F64).orElse(usual.weights());
    return new KernelRoundings(
        usual.sums(), weights, usual.output(), usual.functionUlps(), usual.longestSum());
  }

  /**
   * The convention that is assumed if none is given. Many kernels report +∞ or NaN where there are
   * no tokens, and many merges take it so; ranks that have tokens there are convicted all the same.
   */
  static Convention unnamed(List<RankStep> ranks) {
    Convention convention = Convention.of(Precision.BF16);
    return marks(ranks)
        ? convention.with(
            convention
                .weights()
                .marked(convention.marks().readingAlso(Double.NaN, Double.POSITIVE_INFINITY)))
        : convention;
  }

  /** Whether some LSE is +∞ or NaN. */
  static boolean marks(List<RankStep> ranks) {
    return ranks.stream()
        .flatMap(
            rank ->
                Stream.of(StepTensor.PARTIAL_LSE, StepTensor.RECEIVED_LSE)
                    .filter(rank::has)
                    .map(rank::get))
        .flatMapToDouble(Arrays::stream)
        .anyMatch(lse -> Double.isNaN(lse) || lse == Double.POSITIVE_INFINITY);
  }
}
