package dev.helix.runtime.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The points that no other point beats in both tokens/s/user and tokens/s/GPU. As one rises along
 * the frontier, the other falls.
 *
 * @param points by falling tokens/s/user
 */
public record Frontier(List<Point> points) {
  public Frontier {
    points = List.copyOf(points);
  }

  /** The frontier of some points. The simplest of equally good points stays. */
  public static Frontier of(List<Point> points) {
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort(
        Comparator.comparingDouble(Point::tokensPerSecondPerUser)
            .reversed()
            .thenComparing(Comparator.comparingDouble(Point::tokensPerSecondPerGpu).reversed())
            .thenComparing(Point.SIMPLER));
    List<Point> frontier = new ArrayList<>();
    double most = 0;
    for (Point point : sorted) {
      if (point.tokensPerSecondPerGpu() > most) {
        frontier.add(point);
        most = point.tokensPerSecondPerGpu();
      }
    }
    return new Frontier(frontier);
  }

  /** Whether nothing fits at all. */
  public boolean isEmpty() {
    return points.isEmpty();
  }

  /** The point of the best interactivity, which is that of the shortest TTL. */
  public Point fastest() {
    return points.get(0);
  }

  /** The most tokens/s/user. */
  public double bestPerUser() {
    return fastest().tokensPerSecondPerUser();
  }

  /** The most tokens/s/GPU. */
  public double bestPerGpu() {
    return points.get(points.size() - 1).tokensPerSecondPerGpu();
  }

  /**
   * Tokens/s/GPU at some tokens/s/user, on the straight lines between neighbours where both are
   * logarithms. Below the slowest point it is that point's, as nobody has to be that slow. Empty
   * beyond the fastest point.
   */
  public OptionalDouble perGpuAt(double perUser) {
    if (isEmpty() || perUser > bestPerUser()) {
      return OptionalDouble.empty();
    }
    for (int i = 1; i < points.size(); i++) {
      Point fast = points.get(i - 1);
      Point slow = points.get(i);
      if (perUser >= slow.tokensPerSecondPerUser()) {
        return OptionalDouble.of(
            between(
                perUser,
                slow.tokensPerSecondPerUser(),
                fast.tokensPerSecondPerUser(),
                slow.tokensPerSecondPerGpu(),
                fast.tokensPerSecondPerGpu()));
      }
    }
    return OptionalDouble.of(bestPerGpu());
  }

  /** Tokens/s/user at some tokens/s/GPU, likewise; empty beyond the best throughput. */
  public OptionalDouble perUserAt(double perGpu) {
    if (isEmpty() || perGpu > bestPerGpu()) {
      return OptionalDouble.empty();
    }
    for (int i = 1; i < points.size(); i++) {
      Point fast = points.get(i - 1);
      Point slow = points.get(i);
      if (perGpu <= slow.tokensPerSecondPerGpu() && perGpu >= fast.tokensPerSecondPerGpu()) {
        return OptionalDouble.of(
            between(
                perGpu,
                fast.tokensPerSecondPerGpu(),
                slow.tokensPerSecondPerGpu(),
                fast.tokensPerSecondPerUser(),
                slow.tokensPerSecondPerUser()));
      }
    }
    return OptionalDouble.of(bestPerUser());
  }

  private static double between(double at, double from, double to, double fromY, double toY) {
    double part =
        (StrictMath.log(at) - StrictMath.log(from)) / (StrictMath.log(to) - StrictMath.log(from));
    return StrictMath.exp(
        StrictMath.log(fromY) + part * (StrictMath.log(toY) - StrictMath.log(fromY)));
  }
}
