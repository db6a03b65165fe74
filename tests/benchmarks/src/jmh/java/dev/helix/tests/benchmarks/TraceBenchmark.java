package dev.helix.tests.benchmarks;

import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many steps of a paper-sized model are traced in a second, on 64 ranks at a million tokens
 * with 8 requests: every kind of rank, each kind of layer once and repeated. {@code few} is the
 * model with its dense layers and one of experts, or with one dense layer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TraceBenchmark {
  @Param({"llama-405b", "deepseek-r1"})
  private String model;

  @Param({"few", "all"})
  private String layers;

  @Param({"false", "true"})
  private boolean hopB;

  private ModelConfig config;
  private Layout layout;

  @Setup
  public void read() {
    ModelConfig whole = ModelShape.of(model).config();
    int few = 1 + whole.mixture().map(Mixture::denseLayers).orElse(0);
    config = layers.equals("all") ? whole : whole.withLayers(few);
    layout = model.equals("llama-405b") ? Layout.dense(8, 8) : new Layout(64, 1, 1, 64);
  }

  @Benchmark
  public Object step() {
    return StepTracer.trace(
        config,
        new HelixStrategy(layout, PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH), hopB),
        8,
        1_000_000,
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation());
  }
}
