package dev.helix.runtime.cli.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Writes sets of numbers as ranges: {@code 0–2, 5}. */
final class Ranges {
  private Ranges() {}

  /**
   * The words for a set of things.
   *
   * @param one the word for one of them
   * @param all how many there are in all
   */
  static String of(String one, Collection<Integer> numbers, int all) {
    TreeSet<Integer> sorted = new TreeSet<>(numbers);
    if (sorted.size() == all && all > 1) {
      return "all " + one + "s";
    }
    List<String> ranges = new ArrayList<>();
    int first = sorted.isEmpty() ? 0 : sorted.first();
    int last = first;
    for (int number : sorted) {
      if (number > last + 1) {
        ranges.add(range(first, last));
        first = number;
      }
      last = number;
    }
    ranges.add(range(first, last));
    return one + (sorted.size() > 1 ? "s " : " ") + String.join(", ", ranges);
  }

  private static String range(int first, int last) {
    return first == last ? Integer.toString(first) : first + "–" + last;
  }
}
