package dev.helix.tests.benchmarks;

import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.UnshardedDecoder;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a layout costs on this machine: a run of an embedded model from loading its weights to the
 * last of {@value #NEW_TOKENS} tokens after a prompt of 42, in tokens a second. One rank and the
 * unsharded baseline are in the same run, since only ratios mean anything from one machine to
 * another.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public class DecodeBenchmark {
  static final int NEW_TOKENS = 64;

  private static final List<Integer> PROMPT =
      IntStream.range(0, 42).map(i -> i == 0 ? 1 : 2 + i * 31 % 71).boxed().toList();

  @Param({"recall-gqa", "recall-mla"})
  private String model;

  /** KVP x TPA; of a model with experts TPF x EP, on KVP = TPF * EP ranks. */
  @Param({"baseline", "1x1", "4x2", "8x1", "2x4"})
  private String layout;

  /** No part of it has the baseline. */
  @Param({"fp64", "exact"})
  private String reading;

  private Checkpoint checkpoint;

  @Setup
  public void open() {
    checkpoint = Checkpoint.embedded(model);
  }

  @TearDown
  public void close() {
    checkpoint.close();
  }

  @Benchmark
  @OperationsPerInvocation(NEW_TOKENS)
  public Object tokens() {
    if (layout.equals("baseline")) {
      BaselineWeights weights = Verifier.weights(checkpoint);
      return new UnshardedDecoder(weights).greedy(PROMPT, NEW_TOKENS);
    }
    DecodePlan plan =
        new DecodePlan(
            checkpoint,
            new HelixStrategy(layout(), PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH)),
            List.of(new DecodeRequest(PROMPT, NEW_TOKENS)),
            Recording.STEPS);
    return new DecodeRun(new ThreadRanks()).decode(plan, reading(), new DecodeListener() {});
  }

  private Layout layout() {
    String[] widths = layout.split("x", 2);
    int outer = Integer.parseInt(widths[0]);
    int inner = Integer.parseInt(widths[1]);
    return checkpoint.config().mixture().isPresent()
        ? new Layout(outer * inner, 1, outer, inner)
        : Layout.dense(outer, inner);
  }

  private Reading<?> reading() {
    return reading.equals("exact") ? new ExactReading() : new Fp64Reading();
  }
}
