package dev.helix.tests.laws.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.laws.Cause;
import dev.helix.laws.Diagnosis;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.Subject;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.tests.laws.merge.OnlineMerge;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What broke a merge is told once, shown on what the merge was sent, and named if it is known. */
class DiagnosisTest {
  private static final Convention FP64 = Convention.of(Precision.FP64);

  /** The seams whose answers are judged one by one. */
  private static final Set<Seam> DIAGNOSED = EnumSet.of(Seam.MERGE, Seam.ATTENTION);

  /** Hard cases alone. */
  private static final int CASES = 1;

  static Stream<Exhibit> exhibits() {
    return Museum.exhibits().stream()
        .filter(exhibit -> DIAGNOSED.contains(exhibit.variants().get(0).seam()));
  }

  /** On the first case that breaks the first law that it names. */
  @ParameterizedTest
  @MethodSource("exhibits")
  void aShippedFaultIsNamed(Exhibit exhibit) {
    LawViolation violation =
        LawSuite.verdict(exhibit.killers().get(0), exhibit.variants().get(0), 1, CASES)
            .broken()
            .orElseThrow();
    Diagnosis found =
        Diagnosis.of(violation.inquiries()).orElseThrow(() -> new AssertionError(violation));
    assertTrue(named(found, exhibit), found::sentence);
  }

  private static boolean named(Diagnosis found, Exhibit exhibit) {
    return Stream.concat(Stream.of(found.fault()), found.equally().stream())
        .anyMatch(fault -> fault.contains(exhibit.name()));
  }

  @Test
  void aKernelsFaultThatIsNotKnownIsGivenNoName() {
    AttentionUnderTest constant =
        AttentionUnderTest.of(
            FP64,
            shard -> {
              int rows = shard.tokens() * shard.heads();
              double[] outputs = new double[rows * shard.valueDim()];
              Arrays.fill(outputs, 0.75);
              return new Partial(outputs, new double[rows]);
            });
    LawOutcome outcome = LawSuite.verdict(Law.ATTENTION_DEFINITION, constant, 1, CASES);
    assertEquals(Optional.empty(), Diagnosis.of(outcome.broken().orElseThrow().inquiries()));
  }

  /** Each weight is a millionth too large in one shard: no known fault does that. */
  @Test
  void aFaultThatIsNotKnownIsGivenNoName() {
    MergeUnderTest heavier = merge(Declaration.of(FP64), 1e-6, 0);
    List<Cause> causes = causes(heavier, List.of(Law.WEIGHTS, Law.BASES));
    assertFalse(causes.isEmpty());
    for (Cause cause : causes) {
      assertEquals(Optional.empty(), cause.diagnosis());
    }
  }

  @Test
  void anUnguardedRowWithoutTokensIsToldByOneLaw() {
    UnderTest unguarded = variant(MergeFaults.TWO_EMPTY_PARTIALS.story().name());
    List<Law> laws = List.of(Law.COMMUTATIVE, Law.EMPTY_IDENTITY, Law.ONE_RANK);
    List<Cause> causes = causes(unguarded, laws);
    assertEquals(List.of(Law.EMPTY_IDENTITY), causes.stream().map(Cause::shown).toList());
    assertEquals(
        "2 more laws are broken, only by rows of which no shard has tokens: commutative, one-rank",
        causes.get(0).others().orElseThrow());
  }

  /** The law sends halves of the case; the program takes 2 heads of 3 components, and is wrong. */
  @Test
  void theInputIsTheOneThatWasSentInItsSizes() {
    Declaration sized = Declaration.of(FP64).sized(OptionalInt.of(2), OptionalInt.of(3));
    String violation = violation(Law.FOLD_AND_TREE, merge(sized, 0, 1e-3));
    assertTrue(violation.contains("tokens, 2 heads, 3 components; "), violation);
  }

  /** A question of a law that adds an empty shard has that shard's poison in it. */
  @Test
  void theInputHasWhatShardsWithoutTokensHold() {
    UnderTest poisoned = variant(MergeFaults.ZERO_TIMES_NAN.story().name());
    String violation = violation(Law.EMPTY_IDENTITY, poisoned);
    assertTrue(violation.contains("Input: 2 shards, 1 tokens, 1 heads, 1 components; "), violation);
    assertTrue(
        violation.matches(".*outputs \\[shards, tokens, heads, dim\\] \\[.*(NaN|Infinity).*\\].*"),
        violation);
  }

  /** Under jqwik, whose properties check one case at a time, the message has the diagnosis too. */
  @Test
  void aPropertyThatFailsNamesTheFault() {
    MergeTrials laws =
        new MergeTrials(
            Subject.of((MergeUnderTest) variant(MergeFaults.BASE_2_AS_E.story().name())));
    MergeCase unequal =
        MergeCases.of(1, 1).stream()
            .filter(c -> c.hard().toString().contains("MASS_48"))
            .findFirst()
            .orElseThrow();
    LawViolation violation =
        assertThrows(LawViolation.class, () -> LawSuite.check(Law.PARTITION, laws, unequal));
    String message = violation.getMessage();
    assertTrue(
        message.contains(
            ". Diagnosis: the answers are those of a known fault, \"base-2 LSE merged as base e\""),
        message);
    assertFalse(violation.withoutDiagnosis().contains("Diagnosis"), message);
  }

  /** Two known faults explain it: the plain misreading, and a flag of one system. */
  @Test
  void aPlainMisreadingIsNamedBeforeTheFaultsThatWereShipped() {
    UnderTest converted = variant(MergeFaults.BASE_OF_ANOTHER_BACKEND.story().name());
    Diagnosis found = causes(converted, List.of(Law.BASES)).get(0).diagnosis().orElseThrow();
    assertEquals("\"base-e LSE merged as base 2\"", found.fault());
    assertTrue(found.equally().get(0).contains("vllm-project/vllm#42555"), found::sentence);
  }

  @Test
  void aMergeThatCountsShardsIsCalledSo() {
    RowMerge counting =
        (lses, outputs) ->
            RowMerge.correct(
                Arrays.stream(lses)
                    .map(lse -> Double.isFinite(lse) ? greatest(lses) : lse)
                    .toArray(),
                outputs);
    assertEquals(
        "\"all shards weigh alike, and the merged LSE is the greatest plus the logarithm of their"
            + " number\"",
        fault(counting));
  }

  @Test
  void aMergeThatTakesTheHeaviestShardIsCalledSo() {
    RowMerge heaviest =
        (lses, outputs) -> {
          double[] result = RowMerge.correct(lses, outputs);
          for (int shard = lses.length - 1; shard >= 0; shard--) {
            if (lses[shard] == greatest(lses) && Double.isFinite(lses[shard])) {
              System.arraycopy(outputs[shard], 0, result, 1, outputs[shard].length);
            }
          }
          return result;
        };
    assertEquals("\"the shard of the greatest LSE alone is taken\"", fault(heaviest));
  }

  private static double greatest(double[] lses) {
    return Arrays.stream(lses).max().orElseThrow();
  }

  /** The name of what is wrong with a merge. */
  private static String fault(RowMerge merge) {
    MergeUnderTest subject =
        MergeUnderTest.of(
            Declaration.of(FP64),
            in -> {
              PlainStates merged =
                  new PlainStates(
                          in.shards(),
                          in.tokens() * in.heads(),
                          in.heads(),
                          in.outputs(),
                          in.lses())
                      .merged(merge);
              return new Partial(merged.outputs(), merged.lses());
            });
    Cause cause = causes(subject, List.of(Law.PARTITION, Law.HULL)).get(0);
    return cause.diagnosis().orElseThrow().fault();
  }

  private static UnderTest variant(String name) {
    return exhibits()
        .filter(exhibit -> exhibit.name().equals(name))
        .findFirst()
        .orElseThrow()
        .variants()
        .get(0);
  }

  private static String violation(Law law, UnderTest subject) {
    return LawSuite.run(law, subject, 1, CASES).violation().orElseThrow();
  }

  private static List<Cause> causes(UnderTest subject, List<Law> laws) {
    List<LawOutcome> broken =
        laws.stream()
            .map(law -> LawSuite.verdict(law, subject, 1, CASES))
            .filter(outcome -> !outcome.holds())
            .toList();
    return LawSuite.causes(broken, subject, 1, CASES);
  }

  /** A right merge but for the first shard's weight, or the first component of each output. */
  private static MergeUnderTest merge(Declaration declared, double heavier, double shifted) {
    return MergeUnderTest.of(
        declared,
        in -> {
          double[] lses = in.lses();
          int rows = in.tokens() * in.heads();
          for (int row = 0; in.shards() > 1 && row < rows; row++) {
            lses[row] += heavier;
          }
          double[] outputs = new double[rows * in.dim()];
          double[] merged =
              OnlineMerge.merge(in.outputs(), lses, in.shards(), rows, in.dim(), outputs);
          for (int row = 0; row < rows; row++) {
            outputs[row * in.dim()] += in.shards() > 1 ? shifted : 0;
          }
          return new Partial(outputs, merged);
        });
  }
}
