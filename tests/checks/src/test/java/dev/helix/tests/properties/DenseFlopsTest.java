package dev.helix.tests.properties;

import dev.helix.attention.AttentionShape;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.trace.CountedFlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Dense models with grouped-query attention: what a launch declares is what is computed. */
class DenseFlopsTest {
  @Property(tries = 25, seed = "7326", shrinking = ShrinkingMode.OFF)
  void everyLaunchDeclaresTheFlopsThatACountingRunCounts(
      @ForAll @IntRange(min = 0, max = 2) int kvpPower,
      @ForAll @IntRange(min = 0, max = 1) int tpaPower,
      @ForAll @IntRange(min = 1, max = 4) int runLength,
      @ForAll boolean contiguous,
      @ForAll boolean hopB,
      @ForAll long seed)
      throws IOException {
    Layout layout = Layout.dense(1 << kvpPower, 1 << tpaPower);
    SplittableRandom random = new SplittableRandom(seed);
    int kvHeads = 2 * (1 + random.nextInt(2));
    AttentionShape attention =
        new AttentionShape(
            3 + random.nextInt(9), kvHeads * 4, kvHeads, 2 * (1 + random.nextInt(3)));
    RandomLlama model =
        new RandomLlama(
            attention,
            1 + random.nextInt(2),
            8 * (1 + random.nextInt(2)),
            5 + random.nextInt(9),
            random.nextBoolean(),
            1,
            seed);
    List<DecodeRequest> requests = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int request = 0; request < count; request++) {
      List<Integer> prompt = random.ints(1 + random.nextInt(7), 0, 5).boxed().toList();
      requests.add(new DecodeRequest(prompt, 1 + random.nextInt(3)));
    }
    PlacementRule rule =
        contiguous ? PlacementRule.contiguous() : PlacementRule.roundRobin(runLength);
    Path directory = Files.createTempDirectory("traced");
    try (Checkpoint checkpoint = model.writeTo(directory)) {
      CountedFlops.areDeclared(
          new DecodePlan(
              checkpoint, new HelixStrategy(layout, rule, hopB), requests, Recording.TAPS));
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
