package dev.helix.runtime.timing.schedule;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

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
    BitSet ready = new BitSet(waitsFor.length);
    for (int number = 0; number < waitsFor.length; number++) {
      ready.set(number, waitsFor[number] == 0);
    }
    List<Integer> ordered = new ArrayList<>(waitsFor.length);
    int number = ready.nextSetBit(0);
    while (number >= 0) {
      ready.clear(number);
      ordered.add(number);
      int from = number;
      for (int later : next.get(number)) {
        if (--waitsFor[later] == 0) {
          ready.set(later);
          from = Math.min(from, later);
        }
      }
      number = ready.nextSetBit(from);
    }
    return ordered;
  }
}
