package dev.helix.runtime.sweep.report;

import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.trace.RankMemory;
import java.util.Comparator;
import java.util.Optional;

/** What a GPU has to read from its memory in a step, at the full bandwidth of the memory. */
final class Roofs {
  private final Deployment deployment;
  private final int batch;

  Roofs(Deployment deployment, int batch) {
    this.deployment = deployment;
    this.batch = batch;
  }

  /**
   * The memory of the GPU that has most, under the widths of a strategy for which that is least;
   * empty if no widths of that many GPUs divide the model.
   */
  Optional<RankMemory> memory(StrategyKind kind, int gpus) {
    return deployment.memories(kind, gpus, batch).stream()
        .min(Comparator.comparingDouble(memory -> weightMillis(memory) + kvMillis(memory)));
  }

  double weightMillis(RankMemory memory) {
    return millis(StepTime.weightBytes(deployment.machine(), memory));
  }

  double kvMillis(RankMemory memory) {
    return millis(deployment.machine().bytes(memory.kv(), memory.kvElements()));
  }

  private double millis(long bytes) {
    return bytes / deployment.machine().gpu().hbmBytesPerMicro() / 1000;
  }
}
