package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.checkpoint.UnreadWeights;
import dev.helix.runtime.checkpoint.WeightSource;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.TraceReading;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.strategy.DecoderLoader;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.trace.TraceTensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightSlicesTest {
  @ParameterizedTest
  @CsvSource({
    "llama-405b, 8, 8, 64, 1",
    "deepseek-r1, 64, 1, 1, 64",
    "deepseek-r1, 16, 1, 4, 4",
    "recall-gqa, 2, 2, 4, 1",
  })
  void allRanksTogetherHoldEveryParameterAndNoOther(
      String name, int kvp, int tpa, int tpf, int ep) {
    ModelShape shape = ModelShape.of(name);
    Slices slices = new Slices(new UnreadWeights(shape.config()), new HashMap<>());
    Layout layout = new Layout(kvp, tpa, tpf, ep);
    for (int rank = 0; rank < layout.ranks(); rank++) {
      RankOperations<TraceTensor> operations =
          new TraceReading().on(new LoneRank(rank, layout.ranks()));
      RankLoading<TraceTensor> loading =
          new RankLoading<>(
              operations,
              new RankWeights<>(slices, operations.kernels(), DeployedPrecision.FP4),
              new LoadedRouters(new LoadModel.UniformExpectation()));
      Strategy strategy = new HelixStrategy(layout, PlacementRule.contiguous());
      new DecoderLoader<>(strategy, loading, StepTap.none(), () -> {}).load();
    }
    // The bias of the choice of experts is the router's, not a tensor's.
    ModelConfig config = shape.config();
    long biases =
        config
            .mixture()
            .filter(m -> m.biased())
            .map(m -> (long) (config.layers() - m.denseLayers()) * m.shape().experts())
            .orElse(0L);
    long distinct = slices.elements().values().stream().mapToLong(Long::longValue).sum();
    assertEquals(shape.parameters() - biases, distinct);
  }

  @Test
  void aWeightOfAConfigurationHasNoNumbers() {
    UnreadWeights weights = new UnreadWeights(ModelShape.of("llama-405b").config());
    WeightSlice slice = weights.slice("w", 0, 70_000, 0, 70_000);
    assertThrows(RuntimeException.class, () -> slice.values().get());
    assertThrows(IllegalStateException.class, () -> weights.vector("v", 3).values().get());
    assertThrows(IllegalArgumentException.class, () -> weights.slice("w", 3, 2, 0, 1));
  }

  @Test
  void whatIsNotThereOrAbsurdIsRefusedInOneLine() {
    assertEquals(
        "model gpt: expected one of llama-405b, deepseek-r1, recall-gqa, recall-mla",
        assertThrows(InvalidInputException.class, () -> ModelShape.of("gpt")).getMessage());
    assertEquals(
        "batch must be between 1 and 65536, got 0",
        assertThrows(InvalidInputException.class, () -> llama(0, 1)).getMessage());
    assertEquals(
        "context must be between 1 and 1073741824, got 0",
        assertThrows(InvalidInputException.class, () -> llama(1, 0)).getMessage());
  }

  private static Object llama(int batch, int context) {
    return StepTracer.trace(
        ModelShape.of("llama-405b").config(),
        new HelixStrategy(Layout.dense(8, 8), PlacementRule.roundRobin(16)),
        batch,
        context,
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation());
  }

  /** Notes the size of every distinct slice that is asked for. */
  private record Slices(WeightSource source, Map<String, Long> elements) implements WeightSource {
    @Override
    public ModelConfig config() {
      return source.config();
    }

    @Override
    public WeightSlice slice(String tensor, int rowFrom, int rowTo, int from, int to) {
      WeightSlice slice = source.slice(tensor, rowFrom, rowTo, from, to);
      elements.put(slice.key(), (long) (rowTo - rowFrom) * (to - from));
      return slice;
    }

    @Override
    public WeightSlice vector(String tensor, int size) {
      WeightSlice slice = source.vector(tensor, size);
      elements.put(slice.key(), (long) size);
      return slice;
    }
  }
}
