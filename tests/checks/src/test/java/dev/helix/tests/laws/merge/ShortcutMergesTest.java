package dev.helix.tests.laws.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Merges that take a shortcut where LSEs seem to allow it. Some are right, and round a part that is
 * alone; others are wrong in a narrow range, which a run of the default number of cases has to hit
 * on every seed.
 */
class ShortcutMergesTest {
  private static final long SEEDS = Long.getLong("helix.museum.seeds", 1);

  private static final Precision FP64 = Precision.FP64;
  private static final Precision FP32 = Precision.FP32;
  private static final Precision BF16 = Precision.BF16;

  static Stream<Arguments> right() {
    return Stream.of(
        Arguments.of(FP64, Shortcut.IN_BASE_2),
        Arguments.of(BF16, Shortcut.IN_BASE_2),
        Arguments.of(FP64, Shortcut.REFERENCE_OF_WHOLE_NUMBERS),
        Arguments.of(FP64, Shortcut.NO_MAXIMUM_BELOW_60));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("right")
  void aRightMergeThatRoundsOnePartKeepsEveryLaw(Precision precision, Shortcut shortcut) {
    List<String> broken = new ArrayList<>();
    SeamTrials<MergeCase> laws = merge(Convention.of(precision), shortcut).laws();
    for (long seed = 1; seed <= SEEDS; seed++) {
      List<MergeCase> cases = shortCases(seed);
      for (Law law : Law.at(Seam.MERGE)) {
        if (law != Law.NEEDLE) {
          LawSuite.run(law, laws, cases).violation().ifPresent(broken::add);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  /** What a convention promises by its key is demanded. */
  @ParameterizedTest
  @MethodSource("right")
  void onePartBitForBitIsDemandedOnlyWherePromised(Precision precision, Shortcut shortcut) {
    Convention promising = Convention.of(precision).with(Contract.ANY.copyingOne(true));
    assertFalse(
        LawSuite.verdict(Law.ONE_RANK, merge(promising, shortcut).laws(), shortCases(1)).holds());
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(FP32, Shortcut.NO_MAXIMUM_BELOW_80),
        Arguments.of(FP32, Shortcut.NO_MAXIMUM_BELOW_86),
        Arguments.of(BF16, Shortcut.NO_MAXIMUM_BELOW_80),
        Arguments.of(BF16, Shortcut.NO_MAXIMUM_BELOW_86),
        Arguments.of(FP64, Shortcut.NO_MAXIMUM_BELOW_700),
        Arguments.of(FP32, Shortcut.NO_MAXIMUM_ABOVE_MINUS_86),
        Arguments.of(BF16, Shortcut.NO_MAXIMUM_ABOVE_MINUS_86),
        Arguments.of(FP64, Shortcut.NO_MAXIMUM_ABOVE_MINUS_708),
        Arguments.of(FP64, Shortcut.DROPPED_25_NATS_BELOW),
        Arguments.of(FP64, Shortcut.DROPPED_30_NATS_BELOW),
        Arguments.of(FP64, Shortcut.AVERAGED_WITHIN_1E_9),
        Arguments.of(FP64, Shortcut.AVERAGED_WITHIN_1E_11));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("wrong")
  void aMergeThatIsWrongInANarrowRangeIsFoundOnEverySeed(Precision precision, Shortcut shortcut) {
    SeamTrials<MergeCase> laws = merge(Convention.of(precision), shortcut).laws();
    for (long seed : LongStream.rangeClosed(1, SEEDS).toArray()) {
      assertFalse(
          LawSuite.verdict(Law.PARTITION, laws, shortCases(seed)).holds(), () -> "on seed " + seed);
    }
  }

  /** Every hard case once, without those that are long. */
  private static List<MergeCase> shortCases(long seed) {
    return MergeCases.of(seed, 1).stream().filter(given -> !given.isLong()).toList();
  }

  private static MergeUnderTest merge(Convention convention, Shortcut shortcut) {
    return MergeUnderTest.of(convention, stack -> shortcut.merged(stack, convention.precision()));
  }

  /**
   * A merge that rounds every operation to the format of its log-sum-exps, and takes a shortcut: it
   * takes off another number than the greatest log-sum-exp, or weighs some parts otherwise.
   */
  @SuppressWarnings("ImmutableEnumChecker") // Functions that keep no state.
  enum Shortcut {
    /** Exponentials and logarithms of base 2; log-sum-exps are multiplied before and after. */
    IN_BASE_2(greatest -> greatest),
    REFERENCE_OF_WHOLE_NUMBERS(Math::ceil),
    NO_MAXIMUM_BELOW_60(greatest -> Math.abs(greatest) < 60 ? 0 : greatest),
    NO_MAXIMUM_BELOW_80(greatest -> Math.abs(greatest) < 80 ? 0 : greatest),
    NO_MAXIMUM_BELOW_86(greatest -> Math.abs(greatest) < 86 ? 0 : greatest),
    NO_MAXIMUM_BELOW_700(greatest -> Math.abs(greatest) < 700 ? 0 : greatest),
    NO_MAXIMUM_ABOVE_MINUS_86(greatest -> greatest > -86 && greatest < 0 ? 0 : greatest),
    NO_MAXIMUM_ABOVE_MINUS_708(greatest -> greatest > -708 && greatest < 0 ? 0 : greatest),
    DROPPED_25_NATS_BELOW(greatest -> greatest),
    DROPPED_30_NATS_BELOW(greatest -> greatest),
    AVERAGED_WITHIN_1E_9(greatest -> greatest),
    AVERAGED_WITHIN_1E_11(greatest -> greatest);

    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final double LOG2_E = 1 / Math.log(2);

    private final DoubleUnaryOperator reference;

    Shortcut(DoubleUnaryOperator reference) {
      this.reference = reference;
    }

    /** The merge of natural log-sum-exps, tokens first. */
    Partial merged(PartialStack stack, Precision precision) {
      int rows = stack.tokens() * stack.heads();
      double[] outputs = new double[rows * stack.dim()];
      double[] lses = new double[rows];
      for (int row = 0; row < rows; row++) {
        int first = row;
        double[] given =
            IntStream.range(0, stack.shards())
                .mapToDouble(s -> stack.lses()[s * rows + first])
                .toArray();
        lses[row] = row(stack, given, row, outputs, precision);
      }
      return new Partial(outputs, lses);
    }

    private double row(
        PartialStack stack, double[] given, int row, double[] outputs, Precision precision) {
      DType format = precision.lse();
      double[] scaled =
          Arrays.stream(given)
              .map(x -> this == IN_BASE_2 ? format.round(x * constant(format)) : x)
              .toArray();
      double greatest = Arrays.stream(scaled).max().orElseThrow();
      if (greatest == NONE) {
        return NONE;
      }
      double least = Arrays.stream(scaled).filter(x -> x != NONE).min().orElseThrow();
      double reference = this.reference.applyAsDouble(greatest);
      double sum = 0;
      double[] sums = new double[stack.dim()];
      int rows = stack.tokens() * stack.heads();
      for (int shard = 0; shard < given.length; shard++) {
        if (given[shard] != NONE) {
          double weight = weight(format, scaled[shard], reference, greatest - least);
          sum = format.round(sum + weight);
          for (int i = 0; i < sums.length; i++) {
            double output = stack.outputs()[(shard * rows + row) * sums.length + i];
            sums[i] = format.round(sums[i] + format.round(weight * output));
          }
        }
      }
      for (int i = 0; i < sums.length; i++) {
        outputs[row * sums.length + i] = precision.output().round(format.round(sums[i] / sum));
      }
      double logarithm = this == IN_BASE_2 ? Math.log(sum) * LOG2_E : Math.log(sum);
      double merged = format.round(reference + format.round(logarithm));
      return this == IN_BASE_2 ? format.round(merged * format.round(Math.log(2))) : merged;
    }

    private double weight(DType format, double lse, double reference, double widest) {
      double gap = format.round(lse - reference);
      boolean dropped =
          (this == DROPPED_25_NATS_BELOW && gap < -25)
              || (this == DROPPED_30_NATS_BELOW && gap < -30);
      boolean averaged =
          (this == AVERAGED_WITHIN_1E_9 && widest < 1e-9)
              || (this == AVERAGED_WITHIN_1E_11 && widest < 1e-11);
      double weight = this == IN_BASE_2 ? Math.pow(2, gap) : Math.exp(gap);
      return dropped ? 0 : averaged ? 1 : format.round(weight);
    }

    private static double constant(DType format) {
      return format.round(LOG2_E);
    }
  }
}
