package dev.helix.tests.laws.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the laws of the merge have to see in a faulty merge, and must not hold against a right one.
 */
class MergeLawSensitivityTest {
  private static final Convention FP64 = Convention.of(Precision.FP64);
  private static final Convention FP32 = Convention.of(Precision.FP32);

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 64, 128})
  void componentsFromAnyOnAreSeen(int first) {
    MergeUnderTest faulty =
        online(
            FP64,
            (in, outputs, lses) -> {
              for (int i = 0; i < outputs.length; i++) {
                outputs[i] = i % in.dim() >= first ? 0 : outputs[i];
              }
            });
    assertKilled(faulty, Law.PARTITION, "%d components".formatted(first + 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10, 16, 64})
  void rowsFromAnyOnAreSeen(int first) {
    MergeUnderTest faulty =
        online(
            FP64,
            (in, outputs, lses) -> {
              for (int row = first; row < lses.length; row++) {
                lses[row] = lses[row - 1];
              }
            });
    assertKilled(faulty, Law.PARTITION, "");
  }

  @Test
  void aLawOfLsesIsNotCheckedWhereThereAreNone() {
    MergeUnderTest silent = online(Declaration.of(FP64).withoutLse(), (in, outputs, lses) -> {});
    LawOutcome range = LawSuite.run(Law.LSE_RANGE, silent, 1, 60);
    assertTrue(range.holds());
    assertFalse(range.checked(), range::toString);
    assertTrue(LawSuite.run(Law.SHIFT, silent, 1, 60).checked());
  }

  @Test
  void aLawThatComparedNothingThoughItCouldIsBroken() {
    LawOutcome outcome =
        LawSuite.run(
            Law.LSE_RANGE, online(FP64, (in, outputs, lses) -> {}).laws(), everyShardEmpty());
    assertTrue(outcome.violation().orElseThrow().contains("compared anything"), outcome::toString);
  }

  /** Zero is a lawful merge of zeros: laws that compare answers with each other cannot see it. */
  @Test
  void nothingButZerosIsSeenByEveryLawThatKnowsAnOutput() {
    MergeUnderTest zeros =
        MergeUnderTest.of(
            Declaration.of(FP64).withoutLse(),
            in -> new Partial(new double[in.tokens() * in.heads() * in.dim()]));
    Set<Law> killers = EnumSet.noneOf(Law.class);
    for (Law law : Law.at(Seam.MERGE)) {
      if (!LawSuite.run(law, zeros, 1, HardCase.values().length).holds()) {
        killers.add(law);
      }
    }
    assertEquals(
        EnumSet.of(
            Law.EMPTY_IDENTITY,
            Law.PARTITION,
            Law.NEEDLE,
            Law.COPIES,
            Law.CONSTANT_VALUES,
            Law.HULL,
            Law.WEIGHTS,
            Law.BASES,
            Law.ONE_RANK,
            Law.NAN_IS_REPORTED),
        killers);
  }

  @Test
  void aMarkIsWhatItsFormatMakesOfIt() {
    float mark = -1e30f;
    MergeUnderTest right =
        MergeUnderTest.of(
            FP32.emptyAs(-1e30),
            in -> {
              double[] lses = mapped(in.lses(), x -> x == mark ? Double.NEGATIVE_INFINITY : x);
              double[] outputs = new double[in.tokens() * in.heads() * in.dim()];
              int rows = in.tokens() * in.heads();
              double[] merged =
                  OnlineMerge.merge(in.outputs(), lses, in.shards(), rows, in.dim(), outputs);
              return new Partial(
                  mapped(outputs, x -> (float) x),
                  mapped(merged, x -> x == Double.NEGATIVE_INFINITY ? mark : (float) x));
            });
    for (Law law : List.of(Law.EMPTY_IDENTITY, Law.PARTITION, Law.ONE_RANK)) {
      LawOutcome outcome = LawSuite.run(law, right, 1, 60);
      assertTrue(outcome.holds(), outcome::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e4, 999_999, Double.MIN_VALUE})
  void aMarkThatCouldBeAnLseIsRefused(double mark) {
    String message =
        assertThrows(InvalidInputException.class, () -> FP64.emptyAs(mark)).getMessage();
    assertTrue(message.contains("at least 1e6 in magnitude"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void messagesShowTheDeclaredMark() {
    MergeUnderTest marked =
        MergeUnderTest.of(
            FP64.emptyAs(-1e30),
            in -> {
              int rows = in.tokens() * in.heads();
              return new Partial(new double[rows * in.dim()], new double[rows]);
            });
    String message =
        LawSuite.run(Law.PARTITION, marked.laws(), everyShardEmpty()).violation().orElseThrow();
    assertFalse(message.contains("-Infinity"), message);
    assertTrue(message.contains("-1.0E30"), message);
  }

  /** A kernel that flushes subnormal weights to 0 loses only a NaN that weighs nothing. */
  @Test
  void nanWithoutWeightMayBeSkipped() {
    MergeUnderTest flushing =
        MergeUnderTest.of(
            FP32,
            in -> {
              int rows = in.tokens() * in.heads();
              double[] lses = in.lses();
              double[] outputs = new double[rows * in.dim()];
              double[] merged =
                  OnlineMerge.merge(in.outputs(), lses, in.shards(), rows, in.dim(), outputs);
              for (int at = 0; at < lses.length; at++) {
                lses[at] =
                    Math.exp(lses[at] - merged[at % rows]) < Float.MIN_NORMAL
                        ? Double.NEGATIVE_INFINITY
                        : lses[at];
              }
              double[] flushed = new double[outputs.length];
              OnlineMerge.merge(in.outputs(), lses, in.shards(), rows, in.dim(), flushed);
              return new Partial(mapped(flushed, x -> (float) x), mapped(merged, x -> (float) x));
            });
    LawOutcome outcome = LawSuite.run(Law.NAN_IS_REPORTED, flushing, 1, 120);
    assertTrue(outcome.holds(), outcome::toString);
  }

  @Test
  void anotherBaseForSmallGapsIsSeen() {
    MergeUnderTest faulty =
        weighted(gap -> Math.abs(gap) < 0.011 ? Math.pow(2, gap) : Math.exp(gap));
    LawOutcome outcome =
        LawSuite.run(
            Law.PARTITION,
            faulty.laws(),
            MergeCases.of(1, 60).stream()
                .filter(given -> given.hard().contains(HardCase.NEARLY_EQUAL))
                .toList());
    assertFalse(outcome.holds());
    assertTrue(LawSuite.run(Law.PARTITION, weighted(Math::exp), 1, 60).holds());
  }

  /** Two faults in one: a large input comes out 1 off, a small one as NaN. */
  @Test
  void theSimplestCaseShowsTheKindOfViolationThatWasFound() {
    MergeUnderTest faulty =
        online(
            FP64,
            (in, outputs, lses) -> {
              for (int i = 0; i < outputs.length; i++) {
                outputs[i] = in.shards() * in.dim() > 4 ? outputs[i] + 1 : Double.NaN;
              }
            });
    List<MergeCase> wide =
        MergeCases.of(1, 60).stream()
            .filter(given -> given.hard().contains(HardCase.MANY_EQUAL_SHARDS))
            .toList();
    String message = LawSuite.run(Law.PARTITION, faulty.laws(), wide).violation().orElseThrow();
    assertTrue(message.contains("times the bound"), message);
    assertFalse(message.contains("the answer is NaN"), message);
  }

  @Test
  void oneRankIsUpToTheSignOfZeroAndSaysSo() {
    assertTrue(Law.ONE_RANK.sentence().contains("up to the sign of zero"));
    MergeUnderTest unsigned =
        online(
            FP64,
            (in, outputs, lses) -> {
              for (int i = 0; i < outputs.length; i++) {
                outputs[i] += 0.0;
              }
            });
    assertTrue(LawSuite.run(Law.ONE_RANK, unsigned, 1, 60).holds());
  }

  /** A weight that is no number is taken for a shard without tokens. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightThatIsNoNumberMustNotPassForAnEmptyShard(double weight) {
    MergeUnderTest faulty =
        MergeUnderTest.of(
            FP64,
            in -> {
              double[] lses = in.lses();
              for (int at = 0; at < lses.length; at++) {
                boolean hidden = Double.compare(lses[at], weight) == 0;
                lses[at] = hidden ? Double.NEGATIVE_INFINITY : lses[at];
              }
              PartialStack hiding = in.withLses(lses);
              int rows = in.tokens() * in.heads();
              double[] outputs = new double[rows * in.dim()];
              double[] merged =
                  OnlineMerge.merge(hiding.outputs(), lses, in.shards(), rows, in.dim(), outputs);
              return new Partial(outputs, merged);
            });
    assertKilled(faulty, Law.NAN_IS_REPORTED, "a weight of " + weight);
  }

  @Test
  void anEmptyRowMustHaveTheDeclaredMark() {
    Convention marked = FP64.emptyAs(Double.POSITIVE_INFINITY);
    MergeUnderTest other =
        online(marked, (in, outputs, lses) -> Arrays.fill(lses, Double.NEGATIVE_INFINITY));
    assertKilled(other, Law.EMPTY_IDENTITY, "marked by Infinity");
  }

  /** The overflow is what is found, not a rounding. */
  @Test
  void theExponentialOfTheRawGapIsFoundToOverflow() {
    Exhibit rawGap =
        Museum.exhibits().stream()
            .filter(exhibit -> exhibit.name().startsWith("exp of the raw LSE gap"))
            .findFirst()
            .orElseThrow();
    for (Law law : rawGap.killers()) {
      String message = LawSuite.run(law, rawGap.at(law), 1, 60).violation().orElseThrow();
      assertTrue(message.contains("NaN"), message);
    }
  }

  /** The simplest case shows an output if it was an output, and a gross error if it was one. */
  @Test
  void theSimplestCaseShowsTheQuantityThatWasWrong() {
    MergeUnderTest faulty =
        online(
            FP64,
            (in, outputs, lses) -> {
              for (int row = 0; row < lses.length; row++) {
                lses[row] += in.shards() > 1 ? 1e-12 : 0;
                outputs[row * in.dim()] *= in.shards() > 3 ? 2 : 1;
              }
            });
    MergeCase given =
        MergeCases.of(1, 200).stream()
            .filter(each -> each.hard().isEmpty() && each.shards() > 4)
            .findFirst()
            .orElseThrow();
    String message =
        LawSuite.run(Law.PARTITION, faulty.laws(), List.of(given)).violation().orElseThrow();
    assertTrue(message.contains("output of token"), message);
  }

  @Test
  void nanIsCalledNan() {
    MergeUnderTest nan = online(FP64, (in, outputs, lses) -> Arrays.fill(outputs, Double.NaN));
    String message = LawSuite.run(Law.PARTITION, nan, 1, 60).violation().orElseThrow();
    assertTrue(message.contains("the answer is NaN"), message);
    assertFalse(message.contains("off by"), message);
  }

  private static List<MergeCase> everyShardEmpty() {
    return MergeCases.of(1, 60).stream()
        .filter(given -> given.hard().contains(HardCase.EVERY_SHARD_EMPTY))
        .toList();
  }

  private static void assertKilled(MergeUnderTest faulty, Law law, String shown) {
    LawOutcome outcome = LawSuite.run(law, faulty, 1, 60);
    String message = outcome.violation().orElse("");
    assertFalse(outcome.holds(), outcome::toString);
    assertTrue(message.contains(shown), message);
  }

  /** Damages what a right merge gave. */
  private interface Damage {
    void to(PartialStack in, double[] outputs, double[] lses);
  }

  private static MergeUnderTest online(Convention convention, Damage damage) {
    return online(Declaration.of(convention), damage);
  }

  private static MergeUnderTest online(Declaration declaration, Damage damage) {
    return MergeUnderTest.of(
        declaration,
        in -> {
          int rows = in.tokens() * in.heads();
          double[] outputs = new double[rows * in.dim()];
          double[] lses =
              OnlineMerge.merge(in.outputs(), in.lses(), in.shards(), rows, in.dim(), outputs);
          damage.to(in, outputs, lses);
          return new Partial(outputs, lses);
        });
  }

  /** A merge whose weights are a function of the gap to the greatest LSE. */
  private static MergeUnderTest weighted(DoubleUnaryOperator weight) {
    return MergeUnderTest.of(
        FP64,
        in -> {
          int rows = in.tokens() * in.heads();
          double[] given = in.lses();
          double[] lses = given.clone();
          for (int row = 0; row < rows; row++) {
            int first = row;
            double greatest =
                IntStream.range(0, in.shards())
                    .mapToDouble(shard -> given[shard * rows + first])
                    .max()
                    .orElseThrow();
            for (int at = row; at < lses.length; at += rows) {
              boolean empty = given[at] == Double.NEGATIVE_INFINITY;
              double gap = given[at] - greatest;
              double asked = weight.applyAsDouble(gap);
              lses[at] = empty || asked == Math.exp(gap) ? given[at] : greatest + Math.log(asked);
            }
          }
          double[] outputs = new double[rows * in.dim()];
          double[] merged =
              OnlineMerge.merge(in.outputs(), lses, in.shards(), rows, in.dim(), outputs);
          return new Partial(outputs, merged);
        });
  }

  private static double[] mapped(double[] numbers, DoubleUnaryOperator each) {
    return Arrays.stream(numbers).map(each).toArray();
  }
}
