package dev.helix.tests.laws.diagnosis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.Subject;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Partial;
import dev.helix.tensor.DType;
import dev.helix.tests.laws.merge.OnlineMerge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A merge that only rounds too much has none of the known faults, unless it rounds its answers to a
 * format. Many of these are right on most questions, where they answer as closely to it as any
 * right merge does.
 */
class ImpreciseMergeTest {
  /**
   * Which of the hard cases are tried, for the time that a diagnosis takes. On a single row chance
   * may give a fault's answer: 1 − 9e-9 rounded to FP32 is 1, as it is undivided.
   */
  private static final int EVERY = 15;

  private static final List<Law> LAWS = List.of(Law.EMPTY_IDENTITY, Law.WEIGHTS, Law.ONE_RANK);

  static Stream<Arguments> roundings() {
    return Stream.of(
        Arguments.of("3e-15", (DoubleUnaryOperator) x -> x * (1 + 3e-15)),
        Arguments.of("1e-14", (DoubleUnaryOperator) x -> x * (1 + 1e-14)),
        Arguments.of("1e-12", (DoubleUnaryOperator) x -> x * (1 + 1e-12)),
        // Bounds reach 1e-12 where LSEs are about 700, so less would be FP32 alone there.
        Arguments.of("FP32 and 1e-10", (DoubleUnaryOperator) x -> (float) x * (1 + 1e-10)));
  }

  static Stream<Arguments> formats() {
    DoubleUnaryOperator none = x -> x;
    DoubleUnaryOperator single = x -> (float) x;
    DoubleUnaryOperator brain = DType.BF16::round;
    return Stream.of(
        Arguments.of("outputs are rounded to FP32", rounded(single, none)),
        Arguments.of("outputs and LSEs are rounded to FP32", rounded(single, single)),
        Arguments.of("outputs are rounded to BF16", rounded(brain, none)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roundings")
  void noFaultIsNamed(String name, DoubleUnaryOperator rounding) {
    List<String> violations = violations(rounded(rounding, x -> x), EVERY);
    assertFalse(violations.isEmpty(), "no law notices " + name);
    for (String violation : violations) {
      assertFalse(violation.contains("Diagnosis"), violation);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formats")
  void theFormatOfAnswersThatAreRoundedToItIsNamed(String name, MergeUnderTest rounded) {
    List<String> violations = violations(rounded, 2 * EVERY);
    assertFalse(violations.isEmpty(), "no law notices that " + name);
    for (String violation : violations) {
      assertTrue(violation.contains("\"a right merge, whose " + name + '"'), violation);
    }
  }

  /** What the laws say of a merge on one of so many cases. */
  private static List<String> violations(MergeUnderTest merge, int every) {
    MergeTrials laws = new MergeTrials(Subject.of(merge));
    List<String> violations = new ArrayList<>();
    for (Law law : LAWS) {
      List<MergeCase> cases = MergeCases.of(5, 1);
      for (int number = 0; number < cases.size(); number += every) {
        try {
          LawSuite.check(law, laws, cases.get(number));
        } catch (LawViolation e) {
          violations.add(e.getMessage());
        }
      }
    }
    return violations;
  }

  private static MergeUnderTest rounded(DoubleUnaryOperator ofOutputs, DoubleUnaryOperator ofLses) {
    return MergeUnderTest.of(
        Convention.of(Precision.FP64),
        in -> {
          int rows = in.tokens() * in.heads();
          double[] outputs = new double[rows * in.dim()];
          double[] lses =
              OnlineMerge.merge(in.outputs(), in.lses(), in.shards(), rows, in.dim(), outputs);
          return new Partial(
              Arrays.stream(outputs).map(ofOutputs).toArray(),
              Arrays.stream(lses).map(ofLses).toArray());
        });
  }
}
