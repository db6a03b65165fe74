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
import java.util.ArrayList;
import java.util.List;
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
}
