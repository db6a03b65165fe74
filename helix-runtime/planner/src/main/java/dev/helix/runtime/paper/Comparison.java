package dev.helix.runtime.paper;

import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Helix against a baseline, both at their best.
 *
 * @param helix the frontier of Helix
 * @param baseline the frontier of what it is compared with
 */
public record Comparison(Frontier helix, Frontier baseline) {
  /** Best tokens/s/user of Helix over that of the baseline. */
  public double interactivity() {
    return helix.bestPerUser() / baseline.bestPerUser();
  }

  /**
   * Tokens/s/GPU of Helix over that of the baseline where both give a user the same. Empty where
   * Helix cannot be that fast.
   *
   * @param share a share of the baseline's best tokens/s/user
   */
  public OptionalDouble throughputAt(double share) {
    double perUser = share * baseline.bestPerUser();
    OptionalDouble own = helix.perGpuAt(perUser);
    return own.isPresent()
        ? OptionalDouble.of(own.getAsDouble() / baseline.perGpuAt(perUser).orElseThrow())
        : own;
  }

  /**
   * The requests of Helix over those of the baseline's fastest point, at no longer TTL than that.
   * Both are points of the grid, and may have different numbers of GPUs.
   */
  public OptionalDouble batchAtEqualTtl() {
    Point fastest = baseline.fastest();
    return helix.points().stream()
        .filter(point -> point.ttlMicros() <= fastest.ttlMicros())
        .mapToDouble(
            point -> (double) point.configuration().batch() / fastest.configuration().batch())
        .max();
  }

  /**
   * The greatest and the least gain in TTL at a batch that stands on both frontiers; empty if there
   * is none.
   */
  public Optional<AtBatch> most() {
    return atBatches().stream().max(Comparator.comparingDouble(AtBatch::ratio));
  }

  /** The least gain in TTL at a batch that stands on both frontiers. */
  public Optional<AtBatch> least() {
    return atBatches().stream().min(Comparator.comparingDouble(AtBatch::ratio));
  }

  private List<AtBatch> atBatches() {
    return baseline.points().stream()
        .flatMap(
            slow ->
                helix.points().stream()
                    .filter(fast -> fast.configuration().batch() == slow.configuration().batch())
                    .map(
                        fast ->
                            new AtBatch(
                                slow.configuration().batch(), slow.ttlMicros() / fast.ttlMicros())))
        .toList();
  }

  /** TTL of the baseline over that of Helix at one batch. */
  public record AtBatch(int batch, double ratio) {}

  /**
   * The greatest share of tokens/s/user that Helix loses without HOP-B at equal tokens/s/GPU, from
   * a frontier with HOP-B to one without.
   */
  public static double greatestLoss(Frontier on, Frontier off) {
    return on.points().stream()
        .mapToDouble(
            point -> {
              OptionalDouble without = off.perUserAt(point.tokensPerSecondPerGpu());
              return without.isPresent()
                  ? 1 - without.getAsDouble() / point.tokensPerSecondPerUser()
                  : 0;
            })
        .max()
        .orElse(0);
  }
}
