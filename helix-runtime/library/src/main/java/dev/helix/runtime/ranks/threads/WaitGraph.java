package dev.helix.runtime.ranks.threads;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who waits for whom: an exchange for each of its members that has not arrived, such a member for
 * the exchange that it waits in elsewhere. As an exchange needs all of its members, it can never
 * complete exactly if a path leads from it to a circle or to a rank that has finished.
 *
 * <p>Reads the states, so its caller holds the {@link Rendezvous}'s monitor.
 */
final class WaitGraph {
  private final List<RankState> states;

  WaitGraph(List<RankState> states) {
    this.states = states;
  }

  /**
   * Whether {@code exchange} lies on a circle or leads to a rank that has finished. One that merely
   * leads to a circle is not meant: its ranks wait for those that are at fault.
   *
   * <p>Asked of each exchange when a rank begins to wait in it, this finds every circle when it
   * closes, since it closes with that rank.
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
