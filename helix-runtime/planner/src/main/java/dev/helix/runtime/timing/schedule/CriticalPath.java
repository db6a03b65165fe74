package dev.helix.runtime.timing.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The longest chain of results over all kinds of ranks. An exchange joins the chains of its ranks.
 */
final class CriticalPath {
  private final List<RankSchedule> ranks;
  private final JointOperations joint;

  /**
   * For each kind and operation, the earliest time of its result, and the result that it depends on
   * for that.
   */
  private final double[][] until;

  private final OperationAt[][] before;

  CriticalPath(List<RankSchedule> ranks, JointOperations joint) {
    this.ranks = ranks;
    this.joint = joint;
    this.until = new double[ranks.size()][];
    this.before = new OperationAt[ranks.size()][];
    Arrays.setAll(until, kind -> new double[ranks.get(kind).slots().size()]);
    Arrays.setAll(before, kind -> new OperationAt[ranks.get(kind).slots().size()]);
  }

  List<Slot> slots() {
    Optional<OperationAt> last = Optional.empty();
    for (List<OperationAt> alike : joint.inOrder()) {
      for (OperationAt at : alike) {
        List<OperationAt> exchange = joint.exchange(at);
        for (OperationAt own : exchange.isEmpty() ? List.of(at) : exchange) {
          join(at, own);
        }
        until[at.kind()][at.index()] += slot(at).micros();
        if (last.isEmpty() || until(at) > until(last.get())) {
          last = Optional.of(at);
        }
      }
    }
    return back(last);
  }

  /**
   * Lets an operation also wait for what another one needs on its own rank, if the two start
   * together.
   */
  private void join(OperationAt at, OperationAt with) {
    for (int index : slot(with).operation().after()) {
      OperationAt earlier = new OperationAt(with.kind(), index);
      if (before[at.kind()][at.index()] == null || until(earlier) > until(at)) {
        until[at.kind()][at.index()] = until(earlier);
        before[at.kind()][at.index()] = earlier;
      }
    }
  }

  private List<Slot> back(Optional<OperationAt> last) {
    List<Slot> path = new ArrayList<>();
    Optional<OperationAt> at = last;
    while (at.isPresent()) {
      path.add(slot(at.get()));
      at = Optional.ofNullable(before[at.get().kind()][at.get().index()]);
    }
    Collections.reverse(path);
    return path;
  }

  private double until(OperationAt at) {
    return until[at.kind()][at.index()];
  }

  private Slot slot(OperationAt at) {
    return ranks.get(at.kind()).slots().get(at.index());
  }
}
