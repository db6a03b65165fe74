package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The schedule of a step whose costs are still open. The order of each stream does not depend on
 * costs, so it is found once, and each further set of costs takes one pass over arrays. The rules
 * are those of {@link Scheduler}.
 */
public final class StepProgram {
  private final JointOperations joint;

  /** For each kind, the place of its first operation among those of all kinds. */
  private final int[] offset;

  private final List<OperationAt> operations = new ArrayList<>();

  /** What starts together, in an order in which each comes after all that it waits for. */
  private final int[][] actions;

  /** For each operation, those whose results it waits for. */
  private final int[][] results;

  /** For each operation, the one before it on its stream, or −1. */
  private final int[] streamBefore;

  /** For the first operation of a stream, the last one; −1 for all others. */
  private final int[] streamLast;

  private StepProgram(JointOperations joint) {
    this.joint = joint;
    this.offset = new int[kinds().size() + 1];
    for (int kind = 0; kind < kinds().size(); kind++) {
      offset[kind + 1] = offset[kind] + kinds().get(kind).operations().size();
    }
    int all = offset[kinds().size()];
    this.results = new int[all][];
    this.streamBefore = new int[all];
    this.streamLast = new int[all];
    int[] actionOf = new int[all];
    List<int[]> found = actions(actionOf);
    Precedence order = new Precedence(found.size());
    addStreams(order, actionOf);
    for (int one = 0; one < all; one++) {
      for (int before : results[one]) {
        order.add(actionOf[before], actionOf[one]);
      }
    }
    List<Integer> inOrder = order.order();
    requireAll(inOrder, actionOf, found.size());
    this.actions = inOrder.stream().map(found::get).toArray(int[][]::new);
  }

  /** Finds out what starts together, and fills the arrays of operations and results. */
  private List<int[]> actions(int[] actionOf) {
    List<int[]> found = new ArrayList<>();
    for (int kind = 0; kind < kinds().size(); kind++) {
      for (Operation operation : kinds().get(kind).operations()) {
        OperationAt at = new OperationAt(kind, operation.index());
        operations.add(at);
        int first = offset[kind];
        results[index(at)] =
            operation.after().stream().mapToInt(before -> first + before).toArray();
        List<OperationAt> exchange = joint.exchange(at);
        if (exchange.isEmpty() || exchange.get(0).equals(at)) {
          int[] together =
              exchange.isEmpty()
                  ? new int[] {index(at)}
                  : exchange.stream().mapToInt(this::index).toArray();
          for (int one : together) {
            actionOf[one] = found.size();
          }
          found.add(together);
        }
      }
    }
    return found;
  }

  private void addStreams(Precedence order, int[] actionOf) {
    Arrays.fill(streamLast, -1);
    for (int kind = 0; kind < kinds().size(); kind++) {
      for (GpuStream stream : GpuStream.values()) {
        int first = -1;
        int before = -1;
        for (OperationAt at : joint.inOrderOf(stream, kind)) {
          int one = index(at);
          streamBefore[one] = before;
          if (before >= 0) {
            order.add(actionOf[before], actionOf[one]);
          }
          first = before < 0 ? one : first;
          before = one;
        }
        if (first >= 0) {
          streamLast[first] = before;
        }
      }
    }
  }

  private void requireAll(List<Integer> inOrder, int[] actionOf, int count) {
    if (inOrder.size() == count) {
      return;
    }
    Set<Integer> ordered = new HashSet<>(inOrder);
    List<OperationAt> waiting = new ArrayList<>();
    for (int kind = 0; kind < kinds().size(); kind++) {
      int of = kind;
      Arrays.stream(GpuStream.values())
          .sorted(Comparator.reverseOrder())
          .flatMap(stream -> joint.inOrderOf(stream, of).stream())
          .filter(at -> !ordered.contains(actionOf[index(at)]))
          .findFirst()
          .ifPresent(waiting::add);
    }
    throw joint.circle(waiting);
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
    return joint.kinds();
  }

  /** Number of the operations of all kinds, which is the length of the arrays of costs. */
  public int operations() {
    return operations.size();
  }

  /**
   * The operations at a place on all kinds of ranks, by where they stand in the arrays of costs.
   */
  public int[] at(Place place) {
    return IntStream.range(0, kinds().size())
        .flatMap(
            kind ->
                kinds().get(kind).operations().stream()
                    .filter(operation -> operation.place().equals(place))
                    .mapToInt(operation -> indexOf(kind, operation.index())))
        .toArray();
  }

  /** Where an operation of a kind stands in the arrays of costs. */
  public int indexOf(int kind, int operation) {
    return offset[kind] + operation;
  }

  /**
   * Puts the operations of one step on the streams.
   *
   * @param latencyMicros latency of each operation
   * @param busyMicros for how long each operation occupies its stream
   */
  public Times times(double[] latencyMicros, double[] busyMicros) {
    return times(new Durations(latencyMicros, busyMicros, new int[0]), new double[0]);
  }

  /**
   * Puts the operations on the streams.
   *
   * @param notBefore for each operation a time before which it cannot start; may be empty
   */
  Times times(Durations durations, double[] notBefore) {
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
        if (notBefore.length > 0) {
          start = Math.max(start, notBefore[one]);
        }
        for (int before : results[one]) {
          start = Math.max(start, ends[before]);
        }
        latency = Math.max(latency, durations.latencyMicros[one]);
        busy = Math.max(busy, durations.busyMicros[one]);
      }
      double end = start + (busy + latency);
      for (int one : action) {
        if (durations.heldBack.length > 0 && durations.heldBack[one] >= 0) {
          // Pieces that share one latency still arrive one after the other.
          end = Math.max(end, ends[durations.heldBack[one]]);
        }
      }
      for (int one : action) {
        starts[one] = start;
        free[one] = start + busy;
        ends[one] = end;
      }
    }
    return new Times(this, starts, free, ends);
  }

  JointOperations joint() {
    return joint;
  }

  /** What starts together, in an order in which each comes after all that it waits for. */
  int[][] actions() {
    return actions;
  }

  /** The operations whose results an operation waits for. */
  int[] results(int one) {
    return results[one];
  }

  /** The operation before another one on its stream, or −1. */
  int streamBefore(int one) {
    return streamBefore[one];
  }

  /** The last operation of a stream if this is the first one, else −1. */
  int streamLast(int one) {
    return streamLast[one];
  }

  /** The operation at an index of the arrays of costs. */
  OperationAt operation(int one) {
    return operations.get(one);
  }

  private int index(OperationAt at) {
    return indexOf(at.kind(), at.index());
  }

  /**
   * How long the operations take.
   *
   * @param latencyMicros latency of each operation
   * @param busyMicros for how long each operation occupies its stream
   * @param heldBack for each operation the piece that must be complete before it can be, or −1; may
   *     be empty
   */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  record Durations(double[] latencyMicros, double[] busyMicros, int[] heldBack) {}

  /** When the operations of a step start, and when their results are there. */
  public static final class Times {
    private final StepProgram program;
    private final double[] starts;
    private final double[] free;
    private final double[] ends;

    private Times(StepProgram program, double[] starts, double[] free, double[] ends) {
      this.program = program;
      this.starts = starts;
      this.free = free;
      this.ends = ends;
    }

    /** The time at which the last result is there: the time of a step that begins on idle GPUs. */
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
      for (Operation operation : program.kinds().get(kind).operations()) {
        if (GpuStream.of(operation) == GpuStream.COMPUTE) {
          int index = program.indexOf(kind, operation.index());
          first = Math.min(first, starts[index]);
          last = Math.max(last, ends[index]);
        }
      }
      return Math.max(0, last - first);
    }

    /** When an operation starts. */
    double startMicros(int one) {
      return starts[one];
    }

    /** When an operation leaves its stream. */
    double freeMicros(int one) {
      return free[one];
    }

    /** When the result of an operation is there. */
    double endMicros(int one) {
      return ends[one];
    }
  }
}
