package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The schedule of a step whose costs are still open. The order of each stream does not depend on
 * costs, so it is found once, and each further set of costs takes one pass over arrays. The times
 * are those of {@link Scheduler}.
 */
public final class StepProgram {
  private final List<RankKind> kinds;

  /** For each kind, the place of its first operation among those of all kinds. */
  private final int[] offset;

  /** What starts together, in an order in which each comes after all that it waits for. */
  private final int[][] actions;

  /** For each operation, those whose results it waits for. */
  private final int[][] results;

  /** For each operation, the one before it on its stream, or −1. */
  private final int[] streamBefore;

  private StepProgram(JointOperations joint) {
    this.kinds = joint.kinds();
    this.offset = new int[kinds.size() + 1];
    for (int kind = 0; kind < kinds.size(); kind++) {
      offset[kind + 1] = offset[kind] + kinds.get(kind).operations().size();
    }
    int all = offset[kinds.size()];
    this.results = new int[all][];
    this.streamBefore = new int[all];
    int[] actionOf = new int[all];
    List<int[]> found = new ArrayList<>();
    for (int kind = 0; kind < kinds.size(); kind++) {
      for (Operation operation : kinds.get(kind).operations()) {
        OperationAt at = new OperationAt(kind, operation.index());
        int first = offset[kind];
        results[at(at)] = operation.after().stream().mapToInt(before -> first + before).toArray();
        List<OperationAt> exchange = joint.exchange(at);
        if (exchange.isEmpty() || exchange.get(0).equals(at)) {
          int[] together =
              exchange.isEmpty()
                  ? new int[] {at(at)}
                  : exchange.stream().mapToInt(this::at).toArray();
          for (int one : together) {
            actionOf[one] = found.size();
          }
          found.add(together);
        }
      }
    }
    Precedence order = new Precedence(found.size());
    for (int kind = 0; kind < kinds.size(); kind++) {
      for (GpuStream stream : GpuStream.values()) {
        int before = -1;
        for (OperationAt at : joint.inOrderOf(stream, kind)) {
          streamBefore[at(at)] = before;
          if (before >= 0) {
            order.add(actionOf[before], actionOf[at(at)]);
          }
          before = at(at);
        }
      }
    }
    for (int one = 0; one < all; one++) {
      for (int before : results[one]) {
        order.add(actionOf[before], actionOf[one]);
      }
    }
    this.actions = order.order().stream().map(found::get).toArray(int[][]::new);
    if (actions.length < found.size()) {
      throw new IllegalArgumentException("ranks wait for each other in a circle");
    }
  }

  /**
   * The program of some kinds of ranks.
   *
   * @throws IllegalArgumentException as {@link Scheduler#schedule} does
   */
  public static StepProgram of(List<RankKind> kinds) {
    return new StepProgram(JointOperations.of(kinds));
  }

  /** The kinds of ranks that run it. */
  public List<RankKind> kinds() {
    return kinds;
  }

  /** Number of the operations of all kinds, which is the length of the arrays of costs. */
  public int operations() {
    return offset[kinds.size()];
  }

  /**
   * The operations at a place on all kinds of ranks, by where they stand in the arrays of costs.
   */
  public int[] at(Place place) {
    return IntStream.range(0, kinds.size())
        .flatMap(
            kind ->
                kinds.get(kind).operations().stream()
                    .filter(operation -> operation.place().equals(place))
                    .mapToInt(operation -> indexOf(kind, operation.index())))
        .toArray();
  }

  /** Where an operation of a kind stands in the arrays of costs. */
  public int indexOf(int kind, int operation) {
    return offset[kind] + operation;
  }

  /**
   * Puts the operations on the streams.
   *
   * @param latencyMicros latency of each operation
   * @param busyMicros for how long each operation occupies its stream
   */
  public Times times(double[] latencyMicros, double[] busyMicros) {
    double[] starts = new double[operations()];
    double[] free = new double[operations()];
    double[] ends = new double[operations()];
    for (int[] action : actions) {
      double start = 0;
      double latency = 0;
      double busy = 0;
      for (int one : action) {
        if (streamBefore[one] >= 0) {
          start = Math.max(start, free[streamBefore[one]]);
        }
        for (int before : results[one]) {
          start = Math.max(start, ends[before]);
        }
        latency = Math.max(latency, latencyMicros[one]);
        busy = Math.max(busy, busyMicros[one]);
      }
      for (int one : action) {
        starts[one] = start;
        free[one] = start + busy;
        ends[one] = start + (busy + latency);
      }
    }
    return new Times(this, starts, ends);
  }

  private int at(OperationAt at) {
    return indexOf(at.kind(), at.index());
  }

  /** When the operations of a step start, and when their results are there. */
  public static final class Times {
    private final StepProgram program;
    private final double[] starts;
    private final double[] ends;

    private Times(StepProgram program, double[] starts, double[] ends) {
      this.program = program;
      this.starts = starts;
      this.ends = ends;
    }

    /** Token-to-token latency: the time at which the last result is there. */
    public double ttlMicros() {
      double last = 0;
      for (double end : ends) {
        last = Math.max(last, end);
      }
      return last;
    }

    /** The time at which the last of some results is there. */
    public double endMicros(int[] operations) {
      double last = 0;
      for (int one : operations) {
        last = Math.max(last, ends[one]);
      }
      return last;
    }

    /** For how long a kind of rank computes, from its first launch to the result of its last. */
    public double computingMicros(int kind) {
      double first = Double.POSITIVE_INFINITY;
      double last = 0;
      for (Operation operation : program.kinds.get(kind).operations()) {
        if (GpuStream.of(operation) == GpuStream.COMPUTE) {
          int index = program.indexOf(kind, operation.index());
          first = Math.min(first, starts[index]);
          last = Math.max(last, ends[index]);
        }
      }
      return Math.max(0, last - first);
    }
  }
}
