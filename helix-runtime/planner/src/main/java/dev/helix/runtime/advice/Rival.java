package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.report.TtlInterval;
import java.util.List;
import java.util.Optional;

/**
 * A layout with the range of its time, by the errors of measurements that no constant was fitted
 * to. Two layouts share most of these errors, so their order is surer than ranges that overlap say.
 *
 * @param point the layout as it is modelled
 * @param interval the range of its TTL
 */
public record Rival(Point point, TtlInterval interval) {
  /** The range of a point; empty if the machine's preset was not fitted to measurements. */
  static Optional<Rival> of(Deployment deployment, Point point) {
    Configuration one = point.configuration();
    StepTime time = Bottleneck.time(deployment, deployment.machine(), one);
    return time.interval(one.hopB().accounting()).map(range -> new Rival(point, range));
  }

  /**
   * The layout of most tokens/s/GPU that may be fast enough. It is found by bisection, as the lower
   * end of the range rises with the TTL.
   *
   * @param points the points of one plan
   * @return empty if none may be, or if the machine's preset was not fitted to measurements
   */
  static Optional<Rival> most(Deployment deployment, List<Point> points, Wish wish) {
    List<Point> byTtl = Frontier.of(points).points();
    Optional<Rival> most = Optional.empty();
    int from = 0;
    int to = byTtl.size();
    while (from < to) {
      int middle = (from + to) / 2;
      Optional<Rival> tried =
          of(deployment, byTtl.get(middle))
              .filter(rival -> rival.interval.lowMicros() <= wish.ttlMicros());
      if (tried.isPresent()) {
        most = tried;
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return most;
  }

  /** Tokens/s/GPU at the upper end of the TTL. */
  public double leastPerGpu() {
    return perGpu(interval.highMicros());
  }

  /** Tokens/s/GPU at the lower end of the TTL. */
  public double mostPerGpu() {
    return perGpu(interval.lowMicros());
  }

  private double perGpu(double ttlMicros) {
    return point.tokensPerSecondPerGpu() * point.ttlMicros() / ttlMicros;
  }

  /** Whether this layout may be fast enough, and have more tokens/s/GPU than another one. */
  boolean mayBeat(Rival other, Wish wish) {
    boolean otherMayMiss = other.interval.highMicros() > wish.ttlMicros();
    return interval.lowMicros() <= wish.ttlMicros()
        && (otherMayMiss || mostPerGpu() >= other.leastPerGpu());
  }
}
