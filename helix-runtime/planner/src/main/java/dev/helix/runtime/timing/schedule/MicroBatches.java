package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import java.util.List;

/**
 * Tells the micro-batches of a step apart. A rank runs them one after the other, and the program of
 * each begins where it enters the embedding.
 */
final class MicroBatches {
  private final int[][] of;
  private final int count;

  MicroBatches(List<RankKind> kinds) {
    this.of = new int[kinds.size()][];
    int most = 0;
    for (int kind = 0; kind < of.length; kind++) {
      of[kind] = of(kinds.get(kind).operations());
      int last = of[kind].length - 1;
      most = Math.max(most, last < 0 ? 0 : of[kind][last]);
    }
    this.count = most + 1;
  }

  private static int[] of(List<Operation> operations) {
    int[] of = new int[operations.size()];
    for (int i = 1; i < of.length; i++) {
      Place place = operations.get(i).place();
      boolean begins =
          place == Place.Outside.EMBEDDING && !place.equals(operations.get(i - 1).place());
      of[i] = of[i - 1] + (begins ? 1 : 0);
    }
    return of;
  }

  /** Number of micro-batches, at least 1. */
  int count() {
    return count;
  }

  /** The micro-batch of an operation, from 0. */
  int of(int kind, int operation) {
    return of[kind][operation];
  }
}
