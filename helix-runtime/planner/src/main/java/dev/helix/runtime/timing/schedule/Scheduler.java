package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the operations of a step on the streams of the ranks, which gives the time of the step.
 *
 * <p>It follows these rules:
 *
 * <ul>
 *   <li>An operation starts when all results that it waits for are there and its stream is free.
 *   <li>An exchange starts on all members of its group at once, when the last of them has reached
 *       it and the links of all are free. Groups that share no member exchange at the same time.
 *   <li>Ranks are scheduled by kinds. If the members of one kind belong to groups with different
 *       kinds of ranks, these groups start together. Each waits for all of them, so that times come
 *       out late rather than early.
 *   <li>A transfer frees its stream when its bytes are sent; its result is there a latency later,
 *       so that the latencies of successive transfers overlap (LogGP).
 *   <li>A stream runs its operations in a fixed order, in which costs play no part. It is given by
 *       how many transfers, one after the other, an operation waits for on any rank, and then by
 *       the program. So under HOP-B the attention of the next request comes before the merge of the
 *       request before it, and operations that do not need an exchange fill the time that it takes.
 * </ul>
 *
 * <p>With a fixed order every start is a maximum of sums of costs. Two laws follow. If a cost
 * grows, the step never becomes shorter. And the step takes at least its critical path, and at most
 * the sum of all its operations.
 */
public final class Scheduler {
  private final OperationCosts costs;
  private final Accounting accounting;

  public Scheduler(OperationCosts costs, Accounting accounting) {
    this.costs = costs;
    this.accounting = accounting;
  }

  /**
   * Computes the schedule of a step.
   *
   * @param kinds kinds of ranks, which may run different programs; a rank without operations is
   *     idle
   * @throws IllegalArgumentException if there is no kind, if a transfer of one rank is not found on
   *     another member of its group, or if ranks wait for each other in a cycle
   */
  public Schedule schedule(List<RankKind> kinds) {
    JointOperations joint = JointOperations.of(kinds);
    List<List<Cost>> all = kinds.stream().map(kind -> costs(kind.trace())).toList();
    List<int[]> held = kinds.stream().map(kind -> heldBack(kind.trace())).toList();
    return new Streams(joint, all, held).run();
  }

  private List<Cost> costs(RankTrace trace) {
    Cost[] all = trace.operations().stream().map(costs::of).toArray(Cost[]::new);
    if (accounting == Accounting.IDEALISED) {
      for (List<Operation> pieces : Pieces.of(trace)) {
        List<Cost> shares = Pieces.shareOfWhole(pieces, costs);
        for (int i = 0; i < shares.size(); i++) {
          all[pieces.get(i).index()] = shares.get(i);
        }
      }
    }
    return List.of(all);
  }

  /** For each operation, the piece that must be complete before this one can be, or −1. */
  private int[] heldBack(RankTrace trace) {
    int[] held = new int[trace.operations().size()];
    Arrays.fill(held, -1);
    if (accounting == Accounting.IDEALISED) {
      for (List<Operation> pieces : Pieces.of(trace)) {
        for (int i = 1; i < pieces.size(); i++) {
          held[pieces.get(i).index()] = pieces.get(i - 1).index();
        }
      }
    }
    return held;
  }
}
