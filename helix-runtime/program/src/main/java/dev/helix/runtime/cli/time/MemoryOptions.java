package dev.helix.runtime.cli.time;

import dev.helix.runtime.cli.option.ReserveOption;
import dev.helix.runtime.cli.option.StepSizeOptions;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.runtime.timing.memory.ContextGrowth;
import dev.helix.runtime.timing.report.MemoryReport;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.trace.CacheGrowth;
import dev.helix.tensor.InvalidInputException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how much of a GPU's memory a step may take. */
final class MemoryOptions {
  @Mixin private ReserveOption reserve;

  @Option(
      names = "--allow-overflow",
      description =
          "Time the step also if it does not fit into the memory of a GPU beside the reserve.")
  private boolean allowOverflow;

  boolean allowsOverflow() {
    return allowOverflow;
  }

  double reservePercent() {
    return reserve.reserve().percent();
  }

  /** What a step takes of the memory of GPUs. */
  MemoryReport report(StepTime time, Strategy strategy, CacheGrowth caches) {
    int round = PlacementRule.PAPER_RUN_LENGTH * strategy.attentionParts();
    return MemoryReport.of(
        time,
        reserve.reserve(),
        ContextGrowth.of(time.machine(), time.trace(), reserve.reserve(), caches, round));
  }

  /**
   * Checks that a step fits, unless it need not.
   *
   * @param name the strategy, whose widths the message names
   * @throws InvalidInputException naming the options to blame
   */
  void requireFits(StepTime time, String model, StepSizeOptions size, StrategyName name) {
    Gpu gpu = time.machine().gpu();
    long usable = reserve.reserve().usableBytes(gpu);
    long needed = time.memory().fullest().totalBytes();
    if (needed <= usable || allowOverflow) {
      return;
    }
    String room =
        "%s has %.2f GB less a reserve of %s"
            .formatted(gpu.name(), gpu.memoryBytes() / 1e9, reserve.words());
    long weights = time.memory().weightBytes();
    if (weights > usable) {
      throw new InvalidInputException(
          "--strategy: the weights of %s under %s need %.2f GB on a GPU, %s: expected other widths (%s; --allow-overflow goes on all the same)"
              .formatted(model, name, weights / 1e9, room, name.widths()));
    }
    throw new InvalidInputException(
        "--context, --batch: %s with %d requests of %d tokens needs %.2f GB on a GPU, %s (--allow-overflow goes on all the same)"
            .formatted(model, size.batch(), size.context(), needed / 1e9, room));
  }
}
