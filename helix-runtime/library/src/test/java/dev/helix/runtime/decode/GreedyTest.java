package dev.helix.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GreedyTest {
  @Property(seed = "20250210", tries = 500)
  void theChosenTokenIsTheFirstOfTheGreatest(@ForAll("logits") double[] logits) {
    double greatest = Arrays.stream(logits).max().orElseThrow();
    int first =
        IntStream.range(0, logits.length)
            .filter(i -> logits[i] == greatest)
            .findFirst()
            .orElseThrow();
    assertEquals(first, Greedy.choose(logits));
  }

  /** What the padding of a vocabulary with zeros would win against. */
  @Test
  void allNegativeLogitsStillHaveAGreatest() {
    assertEquals(2, Greedy.choose(new double[] {-5, -4, -3, -Double.MAX_VALUE}));
  }

  @Test
  void zerosOfBothSignsAreATie() {
    assertEquals(0, Greedy.choose(new double[] {-0.0, 0.0, -1}));
    assertEquals(1, Greedy.choose(new double[] {-1, 0.0, -0.0}));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aLogitThatIsNoFiniteNumberIsAnErrorWhereverItStands(double wrong) {
    for (int at = 0; at < 4; at++) {
      double[] logits = {1, 9, 2, 3};
      logits[at] = wrong;
      Exception thrown = assertThrows(ArithmeticException.class, () -> Greedy.choose(logits));
      assertEquals("the logit of token " + at + " is " + wrong, thrown.getMessage());
    }
  }

  /** Few distinct values, so that ties are the rule. */
  @Provide
  Arbitrary<double[]> logits() {
    return Arbitraries.of(-1e308, -2.0, -1.0, Math.nextUp(-1.0), -0.0, 0.0, Double.MIN_VALUE, 3.0)
        .array(double[].class)
        .ofMinSize(1)
        .ofMaxSize(9);
  }
}
