package dev.helix.runtime.cli.laws;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant by one with a slip of the keyboard. */
final class NearestName {
  private static final int MOST_EDITS = 2;

  private NearestName() {}

  /**
   * Returns the first of the names that are reached by the fewest edits, if there are at most two
   * of them. An edit inserts, deletes or replaces one character.
   */
  static Optional<String> of(String given, Collection<String> names) {
    return names.stream()
        .filter(name -> edits(given, name) <= MOST_EDITS)
        .min(Comparator.comparingInt(name -> edits(given, name)));
  }

  /** Levenshtein's distance, which is found row by row of the table of all prefixes. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
