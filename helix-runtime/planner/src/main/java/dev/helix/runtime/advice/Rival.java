package dev.helix.runtime.advice;

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
  /**
   * How far the TTL of a point may be from that of its whole step, relatively. Both add the same
   * costs, but round the bytes of pieces apart.
   */
  private static final double ROUNDING = 1e-3;

  /** The range of a point; empty if the machine's preset was not fitted to measurements. */
  static Optional<Rival> of(Point point, StepTime time) {
    return time.interval().map(range -> new Rival(point, range));
  }

  /**
   * The layout of most tokens/s/GPU that may be fast enough. It is found by bisection, as the lower
   * end of the range rises with the TTL.
   *
   * @param points the points of one plan, on a machine whose preset was fitted to measurements
   * @return empty if none may be
   */
  static Optional<Rival> most(WholeSteps steps, List<Point> points, Wish wish) {
    List<Point> byTtl = Frontier.of(points).points();
    Optional<Rival> most = Optional.empty();
    int from = 0;
    int to = byTtl.size();
    while (from < to) {
      int middle = (from + to) / 2;
      Point point = byTtl.get(middle);
      Optional<Rival> tried =
          isSurelyFast(point, wish) || isSurelySlow(steps, point, wish)
              ? Optional.empty()
              : of(steps, point).filter(rival -> rival.interval.lowMicros() <= wish.ttlMicros());
      if (tried.isPresent() || isSurelyFast(point, wish)) {
        most = tried;
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return most.isPresent() || from == 0 ? most : of(steps, byTtl.get(from - 1));
  }

  private static Optional<Rival> of(WholeSteps steps, Point point) {
    return of(point, steps.of(point.configuration()));
  }

  /** Whether the lower end of a range is below a wish because the TTL is. */
  private static boolean isSurelyFast(Point point, Wish wish) {
    return point.ttlMicros() * (1 + ROUNDING) <= wish.ttlMicros();
  }

  /** Whether it is above because the TTL less the largest error is. */
  private static boolean isSurelySlow(WholeSteps steps, Point point, Wish wish) {
    double error = steps.deployment().machine().preset().largestCheckError();
    return point.ttlMicros() * (1 - ROUNDING) * (1 - error) > wish.ttlMicros();
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
