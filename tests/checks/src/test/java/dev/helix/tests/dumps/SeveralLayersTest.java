package dev.helix.tests.dumps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.cli.HelixProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdict on a dump of several layers and groups says in the end which of them are wrong. */
class SeveralLayersTest {
  private static final List<DecodeRequest> REQUESTS =
      List.of(new DecodeRequest(IntStream.range(1, 40).boxed().toList(), 1));

  @TempDir private Path folder;

  /** The fault is in layer 1 of rank 2, in the first of two groups. */
  @Test
  void theLayerAndTheRankOfAFaultStandInTheLastLinesAndInThePicture() throws IOException {
    HelixStrategy strategy =
        new HelixStrategy(Layout.dense(4, 2), PlacementRule.roundRobin(4), false);
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, Recording.ATTENTION);
      SwitchedOn fault =
          new SwitchedOn(
              MergeFaults.BASE_2_AS_E, new FaultSite(OptionalInt.of(2), OptionalInt.of(1)));
      Path run = Files.createDirectory(folder.resolve("run"));
      DumpedRun.of(plan, DumpedRun.DOUBLES, Optional.of(fault)).write(run, 0);
    }
    Path picture = folder.resolve("picture.svg");
    HelixProgram verify =
        HelixProgram.run(
            "verify", folder.resolve("run").toString(), "--picture", picture.toString());
    assertEquals(1, verify.status(), verify.err());
    List<String> lines = verify.out().lines().toList();
    assertEquals(
        List.of(
            "1 of 8 verdicts are WRONG",
            "  layer 1, rank 2: merge, \"LSE divided by ln 2: base-2 LSE merged as base e\"",
            "WRONG: rounding does not explain these numbers"),
        lines.subList(lines.size() - 3, lines.size()));
    String svg = Files.readString(picture);
    assertTrue(svg.contains("Share of the bound, layer by rank"));
    List<String> convicted =
        Pattern.compile("step 0, layer (\\d), rank (\\d): [^<]*times the bound: WRONG")
            .matcher(svg)
            .results()
            .map(cell -> "layer " + cell.group(1) + ", rank " + cell.group(2))
            .toList();
    assertEquals(List.of("layer 1, rank 2"), convicted);
    assertEquals(
        32, Pattern.compile("step 0, layer \\d, rank \\d: ").matcher(svg).results().count());
  }
}
