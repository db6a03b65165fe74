package dev.helix.runtime.timing.schedule;

import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.CostsOfWork;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.runtime.timing.schedule.StepProgram.Durations;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Transfer;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Puts the operations of a step on the streams of the ranks, which gives the time of the step.
 *
 * <p>It follows these rules:
 *
 * <ul>
 *   <li>An operation starts when all results that it waits for are there and its stream is free.
 *   <li>An exchange starts on all members of its group at once, when the last of them has reached
 *       it and the links of all are free. It waits for no other rank: groups that share no member
 *       exchange independently of each other.
 *   <li>A rank has several {@linkplain GpuStream streams}. What passes to the next stage of a
 *       pipeline, by a copy engine, holds up no collective of the stage, nor a launch.
 *   <li>A transfer frees its stream when its bytes are sent; its result is there a latency later,
 *       so that the latencies of successive transfers overlap (LogGP).
 *   <li>A stream runs its operations in a fixed order, in which costs play no part. It is given by
 *       the micro-batch, then by how many transfers, one after the other, an operation waits for on
 *       any rank, and then by the program. So under HOP-B the attention of the next request comes
 *       before the merge of the request before it, and operations that do not need an exchange fill
 *       the time that it takes. And a stage of a pipeline takes one micro-batch after the other.
 *   <li>A step with several micro-batches is one of many: each of them enters the first stage again
 *       when its tokens are there, behind those before it. The schedule is that of a pipeline which
 *       has been full for long.
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
   *     another member of its group, if ranks wait for each other in a cycle, or if several
   *     micro-batches have exchanges in pieces that share one latency
   */
  public Schedule schedule(List<RankKind> kinds) {
    return schedule(StepProgram.of(kinds));
  }

  /**
   * Computes the schedule of a step whose order is known, as it does not depend on costs.
   *
   * @throws IllegalArgumentException if several micro-batches have exchanges in pieces that share
   *     one latency
   */
  public Schedule schedule(StepProgram program) {
    List<List<Cost>> all = program.kinds().stream().map(kind -> costs(kind.trace())).toList();
    SteadyState steady = SteadyState.of(program, durations(program, all));
    return new Slots(program, all, steady).schedule();
  }

  private Durations durations(StepProgram program, List<List<Cost>> all) {
    double[] latency = new double[program.operations()];
    double[] busy = new double[program.operations()];
    int[] held = new int[accounting == Accounting.IDEALISED ? program.operations() : 0];
    Arrays.fill(held, -1);
    for (int kind = 0; kind < all.size(); kind++) {
      for (int i = 0; i < all.get(kind).size(); i++) {
        latency[program.indexOf(kind, i)] = all.get(kind).get(i).latencyMicros();
        busy[program.indexOf(kind, i)] = all.get(kind).get(i).busyMicros();
      }
      if (held.length > 0) {
        holdBack(program, kind, held);
      }
    }
    return new Durations(latency, busy, held);
  }

  private static void holdBack(StepProgram program, int kind, int[] held) {
    for (List<Operation> pieces : Pieces.of(program.kinds().get(kind).trace())) {
      for (int i = 1; i < pieces.size(); i++) {
        if (pieces.get(i) instanceof Transfer) {
          held[program.indexOf(kind, pieces.get(i).index())] =
              program.indexOf(kind, pieces.get(i - 1).index());
        }
      }
    }
  }

  private List<Cost> costs(RankTrace trace) {
    OperationCosts once = new CostsOfWork(costs);
    Cost[] all = trace.operations().stream().map(once::of).toArray(Cost[]::new);
    if (accounting == Accounting.IDEALISED) {
      IdentityHashMap<Object, List<Cost>> known = new IdentityHashMap<>();
      for (List<Operation> pieces : Pieces.of(trace)) {
        List<Cost> shares =
            known.computeIfAbsent(
                pieces.get(0).content(), first -> Pieces.shareOfWhole(pieces, once));
        for (int i = 0; i < shares.size(); i++) {
          all[pieces.get(i).index()] = shares.get(i);
        }
      }
    }
    return List.of(all);
  }
}
