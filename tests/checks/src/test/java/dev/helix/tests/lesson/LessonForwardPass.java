package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.baseline.BoundedValue;
import dev.helix.runtime.baseline.DecoderReplay;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.lesson.ScriptModules;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.compare.ErrorAccumulator;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A decode by the page's own modules on the page's own data, with each number that a tap point of
 * the library has.
 */
final class LessonForwardPass {
  private static final int KVP = 4;
  private static final int RUN = 4;
  private static final int NEW_TOKENS = 3;

  /** Decodes, and gives the prompt, the new tokens and the rows in the order of the decoder. */
  private static final String DECODE =
      """
      const data = JSON.parse(document.getElementById("data").textContent);
      const decoder = new Decoder(data.config, readWeights(bytesOf(data.weights)),
        doublesOf(data.cosines), doublesOf(data.sines));
      const prompt = ("<bos> " + data.usual.story).split(" ").map((word) => data.words.indexOf(word));
      const rows = [];
      const { tokens } = decoder.decode(prompt, arguments[2], { kvp: arguments[0],
        owners: (count) => owners(count, arguments[0], arguments[1], new Map()),
        merge: MERGES.get("right"), tap: (row) => rows.push(Array.from(row)) });
      return JSON.stringify({ prompt, tokens, rows });
      """;

  private final List<Integer> prompt;
  private final List<Integer> tokens;
  private final List<double[]> rows = new ArrayList<>();

  private LessonForwardPass(JsonNode decoded) {
    this.prompt = integers(decoded.get("prompt"));
    this.tokens = integers(decoded.get("tokens"));
    for (JsonNode row : decoded.get("rows")) {
      double[] numbers = new double[row.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = row.get(i).doubleValue();
      }
      rows.add(numbers);
    }
  }

  /** Decodes the first story in a browser that shows the page. */
  static LessonForwardPass in(LessonBrowser browser) throws JsonProcessingException {
    List<String> modules =
        List.of(
            "model/decoder.js",
            "model/weights.js",
            "model/merges.js",
            "model/placement.js",
            "arithmetic/doubles.js");
    Object decoded = browser.script(ScriptModules.of(modules) + DECODE, KVP, RUN, NEW_TOKENS);
    return new LessonForwardPass(new ObjectMapper().readTree(decoded.toString()));
  }

  /**
   * Holds each part to the unsharded baseline, which starts from the page's hidden state before
   * that part: only for a part can a bound be derived.
   */
  void assertWithinTheBoundOfEachPart(Checkpoint checkpoint) {
    DecoderReplay replay = new DecoderReplay(Verifier.weights(checkpoint), KVP);
    Iterator<double[]> row = rows.iterator();
    List<Integer> read = new ArrayList<>(prompt);
    read.addAll(tokens.subList(0, NEW_TOKENS - 1));
    for (int position = 0; position < read.size(); position++) {
      double[] hidden = row.next();
      within(replay.embedding(read.get(position)), hidden);
      for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
        BoundedValue attention = replay.attention(layer, hidden);
        within(attention, row.next());
        double[] middle = row.next();
        within(replay.residual(hidden, attention), middle);
        BoundedValue ffn = replay.ffn(layer, middle);
        within(ffn, row.next());
        hidden = row.next();
        within(replay.residual(middle, ffn), hidden);
      }
      if (position >= prompt.size() - 1) {
        within(replay.logits(hidden), row.next());
      }
    }
    assertFalse(row.hasNext());
  }

  /** Decodes the same story in Java. */
  void assertTokensOfTheDecode(Checkpoint checkpoint) {
    DecodePlan plan =
        new DecodePlan(
            checkpoint,
            new HelixStrategy(Layout.dense(KVP, 1), PlacementRule.roundRobin(RUN)),
            List.of(new DecodeRequest(prompt, NEW_TOKENS)),
            Recording.STEPS);
    assertEquals(
        new DecodeRun(new ThreadRanks())
            .decode(plan, new Fp64Reading(), new DecodeListener() {})
            .requests()
            .get(0)
            .newTokens(),
        tokens);
  }

  private static void within(BoundedValue expected, double[] actual) {
    ErrorAccumulator errors = new ErrorAccumulator();
    expected.compareWith(actual, errors);
    assertTrue(errors.report().passed(), () -> errors.report().toString());
  }

  private static List<Integer> integers(JsonNode numbers) {
    List<Integer> all = new ArrayList<>();
    numbers.forEach(number -> all.add(number.intValue()));
    return all;
  }
}
