package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.laws.Diagnosis;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.states.Partial;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A kernel that only rounds too much has none of the known faults. */
class ImpreciseKernelTest {
  /** Which of the hard cases are tried, for the time that a diagnosis takes. */
  private static final int EVERY = 15;

  static Stream<Arguments> roundings() {
    return Stream.of(
        Arguments.of("1e-14", (DoubleUnaryOperator) x -> x * (1 + 1e-14)),
        Arguments.of("1e-12", (DoubleUnaryOperator) x -> x * (1 + 1e-12)),
        Arguments.of("FP32", (DoubleUnaryOperator) x -> (float) x));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roundings")
  void noFaultIsNamed(String name, DoubleUnaryOperator rounding) {
    AttentionUnderTest rounded =
        PlainAttention.adapter(
            new PlainAttention() {
              @Override
              Partial finished(AttentionInput in, double[] outputs, double[] lses) {
                return new Partial(Arrays.stream(outputs).map(rounding).toArray(), lses);
              }
            });
    assertFalse(violations(rounded.laws()) == 0, "no law notices " + name);
  }

  private static <C> int violations(SeamTrials<C> laws) {
    Law law = Law.ATTENTION_DEFINITION;
    List<C> cases = laws.cases(5, 1).stream().filter(given -> !laws.isLong(given)).toList();
    int broken = 0;
    for (int number = 0; number < cases.size(); number += EVERY) {
      Optional<LawViolation> violation = LawSuite.once(law, laws, cases.get(number)).broken();
      broken += violation.isPresent() ? 1 : 0;
      violation.ifPresent(
          found ->
              assertEquals(Optional.empty(), Diagnosis.of(found.inquiries()), found::getMessage));
    }
    return broken;
  }
}
