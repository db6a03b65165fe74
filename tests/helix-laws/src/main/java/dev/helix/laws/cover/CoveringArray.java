package dev.helix.laws.cover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A pairwise covering array. Each row chooses one level for each factor, so that every level of
 * every factor stands in some row together with every level of every other factor. Some row is then
 * certain to find a fault that needs two choices at once, such as sinks and a window.
 *
 * <p>Rows are found greedily, as in AETG (Cohen, Dalal, Fredman, Patton 1997). Each row begins with
 * a pair that is still missing, and then takes for one factor after the other the level that makes
 * the most new pairs. The same factors always give the same rows.
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
   * The rows for factors with these numbers of levels, {@code [rows][factors]}, where levels are
   * counted from 0.
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
