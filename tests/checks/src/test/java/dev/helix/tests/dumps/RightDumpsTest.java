package dev.helix.tests.dumps;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.attention.convention.Protocol;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dump of a right run is never convicted, in whichever convention it is, with either kind of
 * attention and with a cache in every format; and nothing of it stays unchecked but what a
 * convention has not. A build draws one run of each second convention, and the night 20 of all in
 * each format.
 */
class RightDumpsTest {
  private static final boolean NIGHT = Boolean.getBoolean("helix.nightly");
  private static final int SEEDS = NIGHT ? 20 : 1;

  /** How many words the embedded models know at least. */
  private static final int WORDS = 60;

  @TempDir private Path folder;

  static Stream<Arguments> runs() {
    List<Convention> conventions = new ArrayList<>(NamedConventions.all());
    conventions.add(DumpedRun.DOUBLES);
    List<Arguments> all = new ArrayList<>();
    for (String model : List.of("recall-gqa", "recall-mla")) {
      for (Convention convention : conventions) {
        all.add(Arguments.of(model, convention.origin().name(), all.size(), convention));
      }
    }
    return NIGHT ? all.stream() : all.stream().filter(one -> (int) one.get()[2] % 2 == 0);
  }

  private static List<CacheFormat> formats(String model) {
    Set<CacheFormat> formats = EnumSet.allOf(CacheFormat.class);
    formats.remove(CacheFormat.FP8_DS_MLA);
    if (model.equals("recall-mla")) {
      // Blocks of 32 do not divide its rotary key.
      formats.remove(CacheFormat.MXFP8);
      formats.remove(CacheFormat.MXFP4);
    }
    return List.copyOf(formats);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("runs")
  void noDumpOfARightRunIsConvicted(String model, String name, int index, Convention convention) {
    List<CacheFormat> formats = formats(model);
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(seed);
        CacheFormat format = formats.get((seed + index) % formats.size());
        DecodePlan plan = plan(checkpoint, format, random);
        DumpedRun run = DumpedRun.of(plan, convention, Optional.empty());
        run.write(folder, random.nextBoolean() ? 0 : run.steps() - 1);
        List<StepVerdict> verdicts = DumpedRun.judged(folder, moment -> true);
        int groups = HelixStrategy.of(plan.strategy()).layout().tpa();
        assertEquals(groups * plan.model().layers(), verdicts.size());
        for (StepVerdict verdict : verdicts) {
          requireRight(verdict, convention, groups == 1, seed);
        }
      }
    }
  }

  private static void requireRight(
      StepVerdict verdict, Convention convention, boolean projects, int seed) {
    boolean exchanges = convention.protocol().exchange() != Protocol.Exchange.SCALE_AND_REDUCE;
    assertEquals(convention.weights().returned(), verdict.step().has(StepTensor.MERGED_LSE));
    for (StageVerdict stage : verdict.stages()) {
      boolean there =
          switch (stage.stage()) {
            case EXCHANGE -> exchanges;
            case PROJECTION -> projects;
            default -> true;
          };
      assertEquals(there, stage.isChecked(), () -> "seed " + seed + ": " + stage.stage());
      assertEquals(
          0,
          stage.tally().wrong(),
          () -> "seed " + seed + ": " + stage.stage() + " " + stage.tally().worst());
    }
  }

  /** Requests of drawn lengths on a drawn layout, some of which leave ranks without tokens. */
  private static DecodePlan plan(Checkpoint checkpoint, CacheFormat format, Random random) {
    boolean latent = checkpoint.config().latent().isPresent();
    int kvp = 2 << random.nextInt(2);
    Layout layout = Layout.dense(kvp, latent ? 1 : 1 << random.nextInt(2));
    List<DecodeRequest> requests = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int request = 0; request < count; request++) {
      List<Integer> prompt =
          random.ints(1 + random.nextInt(request == 0 ? 40 : 9), 1, WORDS).boxed().toList();
      requests.add(new DecodeRequest(prompt, 2 + random.nextInt(2)));
    }
    PlacementRule rule = PlacementRule.roundRobin(1 + random.nextInt(4));
    return new DecodePlan(
        checkpoint,
        new HelixStrategy(layout, rule, random.nextBoolean()),
        requests,
        Recording.ATTENTION,
        format);
  }
}
