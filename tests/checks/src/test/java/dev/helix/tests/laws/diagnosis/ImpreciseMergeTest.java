package dev.helix.tests.laws.diagnosis;

import static org.junit.jupiter.api.Assertions.assertFalse;

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
import dev.helix.tests.laws.merge.OnlineMerge;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A merge that only rounds too much has none of the known faults. Many of these are right on most
 * questions, where they answer as closely to it as any right merge does.
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
        Arguments.of("FP32", (DoubleUnaryOperator) x -> (float) x));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roundings")
  void noFaultIsNamed(String name, DoubleUnaryOperator rounding) {
    MergeUnderTest rounded = rounded(rounding);
    MergeTrials laws = new MergeTrials(Subject.of(rounded));
    int broken = 0;
    for (Law law : LAWS) {
      List<MergeCase> cases = MergeCases.of(5, 1);
      for (int number = 0; number < cases.size(); number += EVERY) {
        MergeCase given = cases.get(number);
        try {
          LawSuite.check(law, laws, given);
        } catch (LawViolation e) {
          broken++;
          assertFalse(e.getMessage().contains("Diagnosis"), e::getMessage);
        }
      }
    }
    assertFalse(broken == 0, "no law notices " + name);
  }

  private static MergeUnderTest rounded(DoubleUnaryOperator rounding) {
    return MergeUnderTest.of(
        Convention.of(Precision.FP64),
        in -> {
          int rows = in.tokens() * in.heads();
          double[] outputs = new double[rows * in.dim()];
          double[] lses =
              OnlineMerge.merge(in.outputs(), in.lses(), in.shards(), rows, in.dim(), outputs);
          return new Partial(Arrays.stream(outputs).map(rounding).toArray(), lses);
        });
  }
}
