package dev.helix.runtime.sweep;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The frontiers of a sweep.
 *
 * @param each the frontier of each strategy that was tried, in the order of {@link StrategyKind}
 * @param all the frontier of all of them together
 */
public record Frontiers(Map<StrategyKind, Frontier> each, Frontier all) {
  public Frontiers {
    each = Collections.unmodifiableMap(new EnumMap<>(each));
  }

  /**
   * Finds the frontiers. A point that another one of its strategy beats is not on the frontier of
   * all, so that only those of the strategies are compared.
   */
  public static Frontiers of(Sweep sweep, List<StrategyKind> strategies) {
    Map<StrategyKind, Frontier> each = new EnumMap<>(StrategyKind.class);
    strategies.forEach(kind -> each.put(kind, sweep.frontier(kind)));
    return new Frontiers(
        each, Frontier.of(each.values().stream().flatMap(own -> own.points().stream()).toList()));
  }
}
