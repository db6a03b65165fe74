package dev.helix.laws.cover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A pairwise covering array: rows of one level for each factor, so that each level of each factor
 * stands in some row together with each level of each other factor. A fault that needs two choices
 * at once, sinks and a window say, is then met by some row, and not by luck.
 *
 * <p>Rows are found greedily, as by AETG (Cohen, Dalal, Fredman, Patton 1997): each begins with a
 * pair that is still missing and takes for one factor after the other the level that makes most new
 * pairs. The same factors always have the same rows.
 */
public final class CoveringArray {
  private final int[] levels;
  private final BitSet missing = new BitSet();
  private final int[] offsets;
  private final int values;
  private final List<int[]> rows = new ArrayList<>();

  private CoveringArray(int[] levels) {
    this.levels = levels;
    this.offsets = new int[levels.length];
    int sum = 0;
    for (int factor = 0; factor < levels.length; factor++) {
      offsets[factor] = sum;
      sum += levels[factor];
    }
    this.values = sum;
  }

  /**
   * The rows for factors of so many levels each, {@code [rows][factors]}, with levels counted from
   * 0.
   *
   * @throws IllegalArgumentException if a factor has no level
   */
  public static List<int[]> pairwise(int... levels) {
    if (Arrays.stream(levels).anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException(
          "each factor has at least one level, got " + Arrays.toString(levels));
    }
    return new CoveringArray(levels.clone()).found();
  }

  private List<int[]> found() {
    for (int factor = 0; factor < levels.length; factor++) {
      for (int other = factor + 1; other < levels.length; other++) {
        for (int level = 0; level < levels[factor]; level++) {
          for (int otherLevel = 0; otherLevel < levels[other]; otherLevel++) {
            missing.set(pair(factor, level, other, otherLevel));
          }
        }
      }
    }
    while (!missing.isEmpty()) {
      rows.add(nextRow());
    }
    return List.copyOf(rows);
  }

  private int pair(int factor, int level, int other, int otherLevel) {
    return (offsets[factor] + level) * values + offsets[other] + otherLevel;
  }

  private int[] nextRow() {
    int[] row = new int[levels.length];
    Arrays.fill(row, -1);
    int first = missing.nextSetBit(0);
    place(row, first / values);
    place(row, first % values);
    for (int factor = 0; factor < row.length; factor++) {
      if (row[factor] < 0) {
        row[factor] = best(row, factor);
      }
    }
    for (int factor = 0; factor < row.length; factor++) {
      for (int other = factor + 1; other < row.length; other++) {
        missing.clear(pair(factor, row[factor], other, row[other]));
      }
    }
    return row;
  }

  private void place(int[] row, int value) {
    int factor = levels.length - 1;
    while (offsets[factor] > value) {
      factor--;
    }
    row[factor] = value - offsets[factor];
  }

  /** Among equals the level that follows those of the rows before, so that all come up. */
  private int best(int[] row, int factor) {
    int best = -1;
    int most = -1;
    for (int i = 0; i < levels[factor]; i++) {
      int level = (i + rows.size()) % levels[factor];
      int gained = 0;
      for (int other = 0; other < row.length; other++) {
        if (other != factor && row[other] >= 0) {
          int low = Math.min(factor, other);
          int high = Math.max(factor, other);
          boolean isNew =
              missing.get(
                  pair(
                      low,
                      low == factor ? level : row[low],
                      high,
                      high == factor ? level : row[high]));
          gained += isNew ? 1 : 0;
        }
      }
      if (gained > most) {
        most = gained;
        best = level;
      }
    }
    return best;
  }
}
