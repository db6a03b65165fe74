package dev.helix.runtime.timing.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** What comes before what, among the numbers from 0 to below a count. */
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

  /** What comes directly behind a number. */
  List<Integer> behind(int before) {
    return next.get(before);
  }

  /**
   * All numbers, each behind what comes before it, the smallest first where there is a choice.
   * Numbers that come before each other in a circle are missing, and what is behind them.
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
