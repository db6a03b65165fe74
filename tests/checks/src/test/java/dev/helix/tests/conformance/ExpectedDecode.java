package dev.helix.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What an independent decoder (NumPy in FP64, the whole cache, no sharding) computed for a prompt.
 *
 * @param prompt token ids
 * @param newTokens greedy continuation
 * @param logitsAfterPrompt from which the first new token was chosen
 * @param logitsAtLastStep from which the last was
 * @param routingAtLastPosition the experts of the last position that was read, by layer; empty for
 *     a model without
 */
record ExpectedDecode(
    String text,
    List<Integer> prompt,
    List<Integer> newTokens,
    String newText,
    List<Double> logitsAfterPrompt,
    List<Double> logitsAtLastStep,
    Map<String, List<Integer>> routingAtLastPosition) {
  /** Of the largest logit's magnitude. */
  private static final double TOLERANCE = 1e-12;

  ExpectedDecode {
    routingAtLastPosition = routingAtLastPosition == null ? Map.of() : routingAtLastPosition;
  }

  static List<ExpectedDecode> of(String model) {
    ObjectMapper mapper =
        new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.addMixIn(ExpectedDecode.class, Names.class);
    try (InputStream in = ExpectedDecode.class.getResourceAsStream("expected.json")) {
      Map<String, List<ExpectedDecode>> all = mapper.readValue(in, new TypeReference<>() {});
      return all.get(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether logits are those that were expected. */
  static void assertNear(List<Double> expected, double[] actual) {
    assertEquals(expected.size(), actual.length);
    double largest = expected.stream().mapToDouble(Math::abs).max().orElseThrow();
    for (int i = 0; i < actual.length; i++) {
      double error = Math.abs(actual[i] - expected.get(i));
      int token = i;
      assertTrue(
          error <= TOLERANCE * largest,
          () -> "logit of token " + token + " is off by " + error + " of " + largest);
    }
  }

  /** {@code new} is no name for a component. */
  private interface Names {
    @com.fasterxml.jackson.annotation.JsonProperty("new")
    List<Integer> newTokens();
  }
}
