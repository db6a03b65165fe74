package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.DType;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Work;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerRunsTest {
  @ParameterizedTest
  @CsvSource({
    "llama-405b, 8, 8, 64, 1, false",
    "llama-405b, 8, 8, 64, 1, true",
    "deepseek-r1, 64, 1, 1, 64, false",
    "deepseek-r1, 16, 1, 4, 4, true",
    "recall-mla, 2, 1, 1, 2, true",
  })
  void aLayerTracedOnceAndRepeatedIsTheProgramOfAllLayers(
      String name, int kvp, int tpa, int tpf, int ep, boolean hopB) {
    ModelConfig model = ModelShape.of(name).config();
    Layout layout = new Layout(kvp, tpa, tpf, ep);
    StepTrace repeated = trace(model, layout, hopB, LayerRuns.byKind(model));
    assertEquals(trace(model, layout, hopB, LayerRuns.single(model)), repeated);
    Place last = Place.layer(model.layers() - 1);
    assertTrue(repeated.of(0).operations().stream().anyMatch(o -> o.place().equals(last)));
  }

  private static StepTrace trace(ModelConfig model, Layout layout, boolean hopB, LayerRuns runs) {
    return StepTracer.trace(
        model,
        new HelixStrategy(layout, PlacementRule.roundRobin(16), hopB),
        new StepQueries(3, 1_000_000),
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation(),
        runs);
  }

  @Test
  void aLayerThatWaitsForMoreThanTheOneBeforeItIsNotRepeated() {
    RankTrace trace =
        new RankTrace(
            0,
            List.of(
                launch(0, Place.Outside.EMBEDDING, List.of()),
                launch(1, Place.layer(0), List.of(0)),
                launch(2, Place.layer(0), List.of(0, 1))));
    assertEquals(
        5, new LayerRuns(List.of(0), 2, Integer.MAX_VALUE).unrolled(trace).operations().size());
    RankTrace skipping =
        new RankTrace(
            0,
            List.of(
                launch(0, Place.Outside.EMBEDDING, List.of()),
                launch(1, Place.Outside.EMBEDDING, List.of(0)),
                launch(2, Place.layer(0), List.of(0))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LayerRuns(List.of(0), 2, Integer.MAX_VALUE).unrolled(skipping));
  }

  private static Launch launch(int index, Place place, List<Integer> after) {
    Work work = new Work(List.of(), List.of(), 1, DType.BF16);
    return new Launch(index, TensorLaunch.ADD, new Stated(place, Phase.NORM), work, after);
  }
}
