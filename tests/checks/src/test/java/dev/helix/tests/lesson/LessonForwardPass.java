package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.lesson.ScriptModules;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A decode by the page's own modules on the page's own data, with each number that a tap point of
 * the library has.
 */
final class LessonForwardPass {
  private static final int KVP = 4;
  private static final int RUN = 4;
  private static final int NEW_TOKENS = 3;

  /** In the order in which the page tells them. */
  private static final List<Quantity> OF_A_LAYER =
      List.of(Quantity.ATTENTION_OUTPUT, Quantity.MIDDLE, Quantity.FFN_OUTPUT, Quantity.HIDDEN);

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
   * Judges the page's decode as {@code decode} judges its own: each part by the bound that is
   * derived for it, from the page's own hidden state; the logits end to end by the bound that is
   * estimated for them; and the tokens.
   */
  Verification verified(Checkpoint checkpoint) {
    DecodePlan plan = plan(checkpoint, prompt);
    List<double[]> logits = new ArrayList<>();
    TapRecord taps = new TapRecord();
    Iterator<double[]> row = rows.iterator();
    for (int position = 0; position < prompt.size() + NEW_TOKENS - 1; position++) {
      List<QueryToken> token = List.of(new QueryToken(0, position));
      taps.keep(new TapPoint(TapPoint.OUTSIDE, Quantity.EMBEDDING), token, row.next());
      for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
        for (Quantity quantity : OF_A_LAYER) {
          taps.keep(new TapPoint(layer, quantity), token, row.next());
        }
      }
      if (position >= prompt.size() - 1) {
        logits.add(row.next());
        taps.keep(
            new TapPoint(TapPoint.OUTSIDE, Quantity.LOGITS), token, logits.get(logits.size() - 1));
      }
    }
    assertFalse(row.hasNext());
    RunRecord record =
        new RunRecord(List.of(), Optional.of(taps), Optional.empty(), Optional.empty());
    DecodeResult.Request decoded = new DecodeResult.Request(prompt, tokens, logits);
    DecodeResult result = new DecodeResult(List.of(decoded), record, Optional.empty(), 1);
    return Verifier.verify(plan, result, taps, () -> {});
  }

  /** The tokens of the same story in Java. */
  static List<Integer> tokensOfTheDecode(Checkpoint checkpoint, List<Integer> prompt) {
    return new DecodeRun(new ThreadRanks())
        .decode(plan(checkpoint, prompt), new Fp64Reading(), new DecodeListener() {})
        .requests()
        .get(0)
        .newTokens();
  }

  private static DecodePlan plan(Checkpoint checkpoint, List<Integer> prompt) {
    return new DecodePlan(
        checkpoint,
        new HelixStrategy(Layout.dense(KVP, 1), PlacementRule.roundRobin(RUN)),
        List.of(new DecodeRequest(prompt, NEW_TOKENS)),
        Recording.STEPS);
  }

  List<Integer> prompt() {
    return prompt;
  }

  List<Integer> tokens() {
    return tokens;
  }

  private static List<Integer> integers(JsonNode numbers) {
    List<Integer> all = new ArrayList<>();
    numbers.forEach(number -> all.add(number.intValue()));
    return all;
  }
}
