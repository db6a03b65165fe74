package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches with the constant scales of a checkpoint, and in DeepSeek's entries of 656 bytes. */
class CacheScalesTest {
  @TempDir private Path directory;

  private static DecodeResult verified(Checkpoint checkpoint, CacheFormat format, Layout layout) {
    DecodePlan plan =
        new DecodePlan(
            checkpoint,
            new HelixStrategy(layout, PlacementRule.roundRobin(1)),
            List.of(new DecodeRequest(List.of(3, 4, 5), 2), new DecodeRequest(List.of(1), 1)),
            Recording.TAPS,
            format);
    DecodeResult result =
        new DecodeRun(new ThreadRanks()).decode(plan, new ExactReading(), new DecodeListener() {});
    assertEquals(Optional.empty(), DefinitionCheck.firstDifference(checkpoint, format, result));
    Verification verification =
        Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
    assertTrue(verification.passed(), () -> verification.failures().toString());
    return result;
  }

  @Test
  void deepSeeksEntriesHaveOneDigest() throws IOException {
    Path folder = RandomModel.withWideEntries(31).writeTo(directory);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      CacheFormat format = CacheFormat.FP8_DS_MLA;
      assertEquals(
          LogitsDigest.ofAll(verified(checkpoint, format, new Layout(1, 1, 1, 1))),
          LogitsDigest.ofAll(verified(checkpoint, format, new Layout(4, 1, 2, 2))));
    }
  }

  @Test
  void theScalesOfTheCheckpointAreThoseOfTheirHeads() throws IOException {
    RandomModel model = RandomModel.mixtral(32, 4, 2);
    model.scale("model.layers.0.self_attn.k_scale", 0.0625, 0.011);
    model.scale("model.layers.0.self_attn.v_scale", 0.25);
    model.scale("model.layers.1.self_attn.k_proj.k_scale", 0.0017);
    Path folder = model.writeTo(directory);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(List.of(0.0625f, 0.011f), checkpoint.kvScales(0).keys());
      assertEquals(0.25f, checkpoint.kvScales(0).value(1));
      assertEquals(0.0017f, checkpoint.kvScales(1).key(1));
      assertEquals(1f, checkpoint.kvScales(1).value(0));
      DecodeResult whole = verified(checkpoint, CacheFormat.FP8, new Layout(1, 1, 1, 1));
      DecodeResult cut = verified(checkpoint, CacheFormat.FP8, new Layout(2, 2, 2, 2));
      assertEquals(LogitsDigest.ofAll(whole), LogitsDigest.ofAll(cut));
      // 448 times the smallest scale is below 1: keys beyond it saturate, and are counted alike.
      long saturated = whole.record().cache().orElseThrow().saturated();
      assertTrue(saturated > 0);
      assertEquals(saturated, cut.record().cache().orElseThrow().saturated());
    }
  }

  @Test
  void scalesThatCannotBeAreRefusedInOneLine() throws IOException {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e300}) {
      RandomModel model = RandomModel.mixtral(32, 4, 2);
      model.scale("model.layers.0.self_attn.k_scale", bad);
      assertRefused(model, "k_scale: expected positive finite numbers, got " + bad);
    }
    RandomModel model = RandomModel.mixtral(32, 4, 2);
    model.scale("model.layers.0.self_attn.v_scale", 1, 1, 1);
    assertRefused(model, "v_scale: expected 1 number or 2, one for each KV head, got shape [3]");
  }

  private void assertRefused(RandomModel model, String expected) throws IOException {
    Path folder = model.writeTo(directory);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      String message =
          assertThrows(InvalidInputException.class, () -> checkpoint.kvScales(0)).getMessage();
      assertTrue(message.endsWith(expected), message);
    }
  }
}
