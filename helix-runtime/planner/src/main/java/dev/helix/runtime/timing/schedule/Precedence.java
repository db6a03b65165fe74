package dev.helix.runtime.timing.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A partial order among the numbers from 0 to one less than a count: some have to come before
 * others.
 */
final class Precedence {
  private final List<List<Integer>> next = new ArrayList<>();
  private final int[] open;

  Precedence(int count) {
    this.open = new int[count];
    for (int number = 0; number < count; number++) {
      next.add(new ArrayList<>());
    }
  }

  void add(int before, int after) {
    next.get(before).add(after);
    open[after]++;
  }

  /** The numbers that must come directly after a number. */
  List<Integer> behind(int before) {
    return next.get(before);
  }

  /**
   * All numbers, each after those that must come before it, the smallest first where there is a
   * choice. Numbers in a cycle, and those that come after them, are missing.
   */
  List<Integer> order() {
    int[] waitsFor = open.clone();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int number = 0; number < waitsFor.length; number++) {
      if (waitsFor[number] == 0) {
        ready.add(number);
      }
    }
    List<Integer> ordered = new ArrayList<>();
    while (!ready.isEmpty()) {
      int number = ready.remove();
      ordered.add(number);
      for (int later : next.get(number)) {
        if (--waitsFor[later] == 0) {
          ready.add(later);
        }
      }
    }
    return ordered;
  }
}
