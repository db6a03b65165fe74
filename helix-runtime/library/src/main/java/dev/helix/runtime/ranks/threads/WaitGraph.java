package dev.helix.runtime.ranks.threads;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says who waits for whom. An exchange waits for each of its members that has not arrived, and such
 * a member waits for the exchange that it is in elsewhere. An exchange needs all of its members. So
 * it can never complete exactly if a path leads from it to a cycle, or to a rank that has finished.
 *
 * <p>The graph reads the states of ranks, so its caller holds the {@link Rendezvous}'s monitor.
 */
final class WaitGraph {
  private final List<RankState> states;

  WaitGraph(List<RankState> states) {
    this.states = states;
  }

  /**
   * Whether {@code exchange} lies on a cycle, or leads to a rank that has finished. An exchange
   * that only leads to a cycle does not count: its ranks wait for those that are at fault.
   *
   * <p>This is asked for each exchange when a rank begins to wait in it. A cycle closes with a rank
   * that begins to wait, so every cycle is found at once.
   */
  boolean canNeverComplete(Exchange exchange) {
    Set<Exchange> seen = new HashSet<>();
    Deque<Exchange> toVisit = new ArrayDeque<>();
    toVisit.add(exchange);
    while (!toVisit.isEmpty()) {
      Exchange visited = toVisit.remove();
      List<Integer> ranks = visited.group().ranks();
      for (int member = 0; member < ranks.size(); member++) {
        if (!visited.isMissing(member)) {
          continue;
        }
        RankState state = states.get(ranks.get(member));
        if (state.isFinished()) {
          return true;
        }
        if (state.waitsIn().isPresent()) {
          Exchange next = state.waitsIn().get();
          if (next == exchange) {
            return true;
          }
          if (seen.add(next)) {
            toVisit.add(next);
          }
        }
      }
    }
    return false;
  }
}
