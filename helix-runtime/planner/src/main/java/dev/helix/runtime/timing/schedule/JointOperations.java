package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The operations of a step, each listed once for all ranks. A transfer is joined with those of the
 * other ranks in the same exchange. Any operation is joined with the same operation on all kinds of
 * ranks that run the same program.
 *
 * <p>Ranks may also run the same program one after the other, as stages of a pipeline that all do
 * the same. They have operations of their own: if an operation would come before itself, kinds are
 * joined by their exchanges only.
 */
public final class JointOperations {
  private final Programs programs;
  private final Exchanges exchanges;
  private final MicroBatches microBatches;
  private final List<List<OperationAt>> all = new ArrayList<>();
  private final int[][] numberOf;
  private final List<Integer> order;
  private final int[] depth;

  private JointOperations(Programs programs, Exchanges exchanges, boolean alike) {
    this.programs = programs;
    this.exchanges = exchanges;
    this.microBatches = new MicroBatches(programs.kinds());
    this.numberOf = new int[kinds().size()][];
    Arrays.setAll(numberOf, kind -> new int[kinds().get(kind).operations().size()]);
    number(alike);
    Precedence results = results();
    this.order = results.order();
    this.depth = depths(results);
  }

  /**
   * The joint operations of all kinds of ranks.
   *
   * @throws IllegalArgumentException if there is no kind, a rank is of two kinds, a transfer of one
   *     rank is not found on another, or ranks wait for each other's results in a cycle
   */
  public static JointOperations of(List<RankKind> kinds) {
    Programs programs = new Programs(List.copyOf(kinds));
    Exchanges exchanges = new Exchanges(programs);
    JointOperations alike = new JointOperations(programs, exchanges, true);
    if (alike.isInOrder()) {
      return alike;
    }
    JointOperations apart = new JointOperations(programs, exchanges, false);
    if (apart.order.size() < apart.all.size()) {
      Set<Integer> ordered = new HashSet<>(apart.order);
      throw apart.circle(
          IntStream.range(0, apart.all.size())
              .filter(number -> !ordered.contains(number))
              .mapToObj(apart.all::get)
              .flatMap(List::stream)
              .toList());
    }
    return apart;
  }

  /**
   * All operations, each as the list of its occurrences on the kinds of ranks that run it. The
   * order is that of the first kind's program, then of what the second kind has in addition, and so
   * on.
   */
  public List<List<OperationAt>> all() {
    return all;
  }

  /** The kinds of ranks whose operations these are. */
  List<RankKind> kinds() {
    return programs.kinds();
  }

  /** The same operations, each after all operations whose results any rank needs for it. */
  List<List<OperationAt>> inOrder() {
    return order.stream().map(all::get).toList();
  }

  /**
   * The transfers that start at the same time as one transfer, itself included; empty for a launch.
   */
  List<OperationAt> exchange(OperationAt at) {
    return exchanges.with(at);
  }

  Operation operation(OperationAt at) {
    return programs.operation(at);
  }

  /** The micro-batches of the step. */
  MicroBatches microBatches() {
    return microBatches;
  }

  /** The exception for ranks that wait for each other in a circle. */
  IllegalArgumentException circle(List<OperationAt> waiting) {
    return new IllegalArgumentException(
        waiting.stream()
            .limit(4)
            .map(at -> programs.words(at) + group(operation(at)))
            .collect(Collectors.joining("; ", "ranks wait for each other in a circle: ", "")));
  }

  private static String group(Operation operation) {
    return operation instanceof Transfer transfer ? " on " + transfer.group() : "";
  }

  /**
   * Gives the same number to operations that are joined.
   *
   * @param byProgram whether kinds of ranks that run the same program are joined
   */
  private void number(boolean byProgram) {
    for (int[] numbers : numberOf) {
      Arrays.fill(numbers, -1);
    }
    Map<Integer, List<Integer>> alike = new HashMap<>();
    for (int kind = 0; kind < numberOf.length; kind++) {
      int identity = byProgram ? programs.programOf(kind) : kind;
      alike.computeIfAbsent(identity, p -> new ArrayList<>()).add(kind);
    }
    Map<Integer, List<Integer>> joined = new HashMap<>();
    alike.values().forEach(same -> same.forEach(kind -> joined.put(kind, same)));
    for (int kind = 0; kind < numberOf.length; kind++) {
      for (int index = 0; index < numberOf[kind].length; index++) {
        if (numberOf[kind][index] < 0) {
          all.add(numbered(new OperationAt(kind, index), joined));
        }
      }
    }
  }

  private List<OperationAt> numbered(OperationAt first, Map<Integer, List<Integer>> alike) {
    List<OperationAt> joined = new ArrayList<>();
    Deque<OperationAt> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      OperationAt at = open.remove();
      if (numberOf[at.kind()][at.index()] < 0) {
        numberOf[at.kind()][at.index()] = all.size();
        joined.add(at);
        for (int other : alike.get(at.kind())) {
          open.add(new OperationAt(other, at.index()));
        }
        open.addAll(exchanges.with(at));
      }
    }
    return List.copyOf(joined);
  }

  /** Finds out which operations need the results of which. */
  private Precedence results() {
    Precedence results = new Precedence(all.size());
    for (int number = 0; number < all.size(); number++) {
      for (OperationAt at : all.get(number)) {
        for (int earlier : operation(at).after()) {
          results.add(numberOf[at.kind()][earlier], number);
        }
      }
    }
    return results;
  }

  private int[] depths(Precedence results) {
    int[] depths = new int[all.size()];
    for (int number : order) {
      int exchanged = operation(all.get(number).get(0)) instanceof Transfer ? 1 : 0;
      for (int later : results.behind(number)) {
        depths[later] = Math.max(depths[later], depths[number] + exchanged);
      }
    }
    return depths;
  }

  /** Whether no operation comes before itself, be it by results or by the order of a stream. */
  private boolean isInOrder() {
    if (order.size() < all.size()) {
      return false;
    }
    Precedence both = results();
    for (int kind = 0; kind < numberOf.length; kind++) {
      for (GpuStream stream : GpuStream.values()) {
        List<OperationAt> queue = inOrderOf(stream, kind);
        for (int i = 1; i < queue.size(); i++) {
          both.add(numberOf[kind][queue.get(i - 1).index()], numberOf[kind][queue.get(i).index()]);
        }
      }
    }
    return both.order().size() == all.size();
  }

  /**
   * The operations of a stream in the order in which it runs them. Costs play no part in this
   * order. It is given by the micro-batch, then by how many transfers, one after the other, come
   * before an operation on any rank, and then by the program.
   */
  List<OperationAt> inOrderOf(GpuStream stream, int kind) {
    return kinds().get(kind).operations().stream()
        .filter(operation -> GpuStream.of(operation) == stream)
        .map(operation -> new OperationAt(kind, operation.index()))
        .sorted(
            Comparator.<OperationAt>comparingInt(at -> microBatches.of(kind, at.index()))
                .thenComparingInt(at -> depth[numberOf[kind][at.index()]]))
        .toList();
  }
}
