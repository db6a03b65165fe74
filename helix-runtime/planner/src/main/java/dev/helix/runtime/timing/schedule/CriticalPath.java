package dev.helix.runtime.timing.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The longest chain of results over all kinds of ranks; a transfer joins their chains. */
final class CriticalPath {
  private final List<RankSchedule> ranks;
  private final int operations;

  /** By kind and operation: when its result could be there, and the result that sets it. */
  private final double[][] until;

  private final int[][] beforeKind;
  private final int[][] beforeIndex;

  CriticalPath(List<RankSchedule> ranks) {
    this.ranks = ranks;
    this.operations = ranks.get(0).slots().size();
    this.until = new double[ranks.size()][operations];
    this.beforeKind = new int[ranks.size()][operations];
    this.beforeIndex = new int[ranks.size()][operations];
  }

  List<Slot> slots() {
    int lastKind = 0;
    int lastIndex = -1;
    for (int index = 0; index < operations; index++) {
      boolean exchanged = Stream.of(slot(0, index).operation()) == Stream.NETWORK;
      for (int kind = 0; kind < ranks.size(); kind++) {
        beforeIndex[kind][index] = -1;
        for (int from = 0; from < ranks.size(); from++) {
          if (exchanged || from == kind) {
            join(kind, index, from);
          }
        }
        until[kind][index] += slot(kind, index).micros();
        if (lastIndex < 0 || until[kind][index] > until[lastKind][lastIndex]) {
          lastKind = kind;
          lastIndex = index;
        }
      }
    }
    return back(lastKind, lastIndex);
  }

  /** Lets an operation wait for what it needs of the kind {@code from}. */
  private void join(int kind, int index, int from) {
    for (int earlier : slot(kind, index).operation().after()) {
      if (beforeIndex[kind][index] < 0 || until[from][earlier] > until[kind][index]) {
        until[kind][index] = until[from][earlier];
        beforeKind[kind][index] = from;
        beforeIndex[kind][index] = earlier;
      }
    }
  }

  private List<Slot> back(int lastKind, int lastIndex) {
    List<Slot> path = new ArrayList<>();
    int kind = lastKind;
    int index = lastIndex;
    while (index >= 0) {
      path.add(slot(kind, index));
      int before = beforeIndex[kind][index];
      kind = beforeKind[kind][index];
      index = before;
    }
    Collections.reverse(path);
    return path;
  }

  private Slot slot(int kind, int index) {
    return ranks.get(kind).slots().get(index);
  }
}
