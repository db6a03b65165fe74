package dev.helix.tests.experts;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.trace.CountedFlops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Latent attention and experts: what a launch declares is what is computed, rank by rank. */
class DeclaredFlopsTest {
  /** Ragged: one request is in its prompt while another decodes, and one has a single token. */
  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(List.of(1, 5, 3, 2, 7), 2),
          new DecodeRequest(List.of(4), 4),
          new DecodeRequest(List.of(6, 0), 1));

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 3, true, 1, false",
    "4, 4, 1, 3, true, 1, false",
    "4, 2, 2, 3, false, 2, false",
    "4, 1, 4, 3, true, 0, true",
    "2, 1, 2, 2, true, 1, true",
    "2, 2, 1, 2, false, 0, false",
  })
  void latentAttentionAndExperts(
      int kvp, int tpf, int ep, int version, boolean queryLatent, int shared, boolean hopB)
      throws IOException {
    Path model =
        RandomModel.deepSeek(kvp * 31L + ep, version, queryLatent, true, true, shared)
            .writeTo(directory.resolve("model"));
    check(model, new Layout(kvp, 1, tpf, ep), hopB);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 2, 2, 2", "1, 2, 1, 2", "4, 1, 1, 4", "2, 2, 4, 1"})
  void groupedQueriesAndExperts(int kvp, int tpa, int tpf, int ep) throws IOException {
    Path model = RandomModel.mixtral(kvp * 7L + tpf, 8, 2).writeTo(directory.resolve("model"));
    check(model, new Layout(kvp, tpa, tpf, ep), false);
  }

  private static void check(Path model, Layout layout, boolean hopB) {
    for (PlacementRule rule : List.of(PlacementRule.roundRobin(2), PlacementRule.contiguous())) {
      try (Checkpoint checkpoint = Checkpoint.open(model)) {
        CountedFlops.areDeclared(
            new DecodePlan(
                checkpoint, new HelixStrategy(layout, rule, hopB), REQUESTS, Recording.TAPS));
      }
    }
  }
}
