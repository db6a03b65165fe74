package dev.helix.runtime.sweep.report;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontier;
import dev.helix.runtime.sweep.Frontiers;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a sweep found, as lines of text. */
public final class SweepTable {
  /** The limits of TTL for which the best configuration is named, in milliseconds. */
  public static final List<Integer> TTL_MILLIS = List.of(3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100);

  private SweepTable() {}

  /**
   * Strategies with their best points, and the best configuration within each TTL.
   *
   * @param frontiers those of the sweep
   */
  public static String of(Sweep sweep, Deployment deployment, Frontiers frontiers) {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "%d configurations are legal; %d fit into a GPU's %.0f GB less a reserve of %s%%",
            sweep.considered(),
            sweep.points().size(),
            deployment.machine().gpu().memoryBytes() / 1e9,
            BigDecimal.valueOf(deployment.reserve().percent())
                .stripTrailingZeros()
                .toPlainString()));
    if (sweep.uncounted() > 0) {
      text.append(
          line(
              "%d are left out: FLOPs, elements or bytes of a step are more than can be counted",
              sweep.uncounted()));
    }
    text.append("GPUs of the domain that no instance uses do not count\n\n");
    text.append(
        line("%-9s %8s  %s", "strategy", "fit", "most tokens/s/user, and most tokens/s/GPU"));
    for (Map.Entry<StrategyKind, Frontier> own : frontiers.each().entrySet()) {
      StrategyKind kind = own.getKey();
      Frontier frontier = own.getValue();
      long fit =
          sweep.points().stream().filter(p -> p.configuration().plan().kind() == kind).count();
      text.append(line("%-9s %8d  %s", kind, fit, frontier.isEmpty() ? "-" : fastest(frontier)));
      if (!frontier.isEmpty()) {
        text.append(line("%-18s  %s", "", most(frontier)));
      }
    }
    text.append("\nbest within a TTL\n");
    for (int millis : TTL_MILLIS) {
      text.append(
          line(
              "%4d ms  %s",
              millis,
              bestWithin(frontiers.all(), millis)
                  .map(SweepTable::words)
                  .orElse("nothing is as fast")));
    }
    return text.toString();
  }

  /** The point of most tokens/s/GPU among those whose TTL is short enough. */
  public static Optional<Point> bestWithin(Frontier frontier, double millis) {
    return frontier.points().stream()
        .filter(point -> point.ttlMicros() <= 1000 * millis)
        .reduce((first, last) -> last);
  }

  private static String fastest(Frontier frontier) {
    return words(frontier.fastest());
  }

  private static String most(Frontier frontier) {
    return words(frontier.points().get(frontier.points().size() - 1));
  }

  /** A point with its two coordinates. */
  public static String words(Point point) {
    return "%8.2f tokens/s/user %9.3f tokens/s/GPU  %s"
        .formatted(
            point.tokensPerSecondPerUser(),
            point.tokensPerSecondPerGpu(),
            configuration(point.configuration()));
  }

  private static String configuration(Configuration one) {
    return one + " on " + one.plan().gpus() + (one.plan().gpus() == 1 ? " GPU" : " GPUs");
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).stripTrailing() + "\n";
  }
}
