package dev.helix.tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.stories.RecallQuestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The table of what each cache format does to the embedded models: the page has what is measured.
 */
class CacheEffectTableTest {
  private static final int QUESTIONS = 200;
  private static final long SEED = 15;
  private static final Path PAGE =
      Path.of("../../helix-runtime/program/src/site/markdown/formats.md");

  /** It takes more than a minute, so that a build leaves it to the night. */
  @Test
  @EnabledIfSystemProperty(named = "helix.nightly", matches = "true")
  void thePageHasWhatIsMeasured() throws IOException {
    String page = Files.readString(PAGE);
    for (String row : rows(QUESTIONS)) {
      assertTrue(page.contains(row), () -> "the page has no row " + row);
    }
  }

  /** A few questions, so that the table can be made at all: FP64 changes nothing. */
  @Test
  void aCacheInFp64ChangesNothing() throws IOException {
    assertEquals(List.of("| `recall-gqa` | `fp64` | 0 | 0 of 2 | 2 |"), rows(2));
  }

  private static List<String> rows(int questions) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String model :
        questions == QUESTIONS ? List.of("recall-gqa", "recall-mla") : List.of("recall-gqa")) {
      rows.addAll(rows(model, questions));
    }
    return rows;
  }

  private static List<String> rows(String model, int questions) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    List<RecallQuestions> asked = new ArrayList<>();
    for (int i = 0; i < questions; i++) {
      asked.add(RecallQuestions.draw(random, 30 + random.nextInt(60)));
    }
    List<String> rows = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      JsonNode words = new ObjectMapper().readTree(checkpoint.tokenizerJson()).at("/model/vocab");
      List<DecodeRequest> requests =
          asked.stream().map(question -> request(question, words)).toList();
      List<double[]> unquantized = logits(checkpoint, requests, CacheFormat.FP64);
      for (CacheFormat format : formats(model, questions)) {
        List<double[]> logits =
            format.quantizes() ? logits(checkpoint, requests, format) : unquantized;
        double largest = 0;
        int changed = 0;
        int right = 0;
        for (int i = 0; i < questions; i++) {
          double[] before = unquantized.get(i);
          double[] after = logits.get(i);
          for (int token = 0; token < before.length; token++) {
            largest = Math.max(largest, Math.abs(after[token] - before[token]));
          }
          changed += best(before) == best(after) ? 0 : 1;
          right += best(after) == words.get(asked.get(i).answer()).intValue() ? 1 : 0;
        }
        rows.add(
            String.format(
                Locale.ROOT,
                "| `%s` | `%s` | %s | %d of %d | %d |",
                model,
                format,
                largest == 0 ? "0" : String.format(Locale.ROOT, "%.2g", largest),
                changed,
                questions,
                right));
      }
    }
    return rows;
  }

  private static List<CacheFormat> formats(String model, int questions) {
    if (questions < QUESTIONS) {
      return List.of(CacheFormat.FP64);
    }
    List<CacheFormat> formats = new ArrayList<>(Arrays.asList(CacheFormat.values()));
    formats.remove(CacheFormat.FP8_DS_MLA);
    if (model.equals("recall-mla")) {
      // Blocks of 32 do not divide its rotary key.
      formats.remove(CacheFormat.MXFP8);
      formats.remove(CacheFormat.MXFP4);
    }
    return formats;
  }

  private static DecodeRequest request(RecallQuestions question, JsonNode words) {
    List<Integer> tokens = new ArrayList<>(List.of(words.get("<bos>").intValue()));
    question.story().forEach(word -> tokens.add(words.get(word).intValue()));
    return new DecodeRequest(tokens, 1);
  }

  private static List<double[]> logits(
      Checkpoint checkpoint, List<DecodeRequest> requests, CacheFormat format) {
    HelixStrategy one = new HelixStrategy(Layout.dense(1, 1), PlacementRule.roundRobin(16));
    DecodePlan plan = new DecodePlan(checkpoint, one, requests, Recording.STEPS, format);
    DecodeResult result =
        new DecodeRun(new ThreadRanks()).decode(plan, new Fp64Reading(), new DecodeListener() {});
    return result.requests().stream().map(request -> request.logits().get(0)).toList();
  }

  private static int best(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
