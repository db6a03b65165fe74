package dev.helix.laws.cover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What a covering array promises, for factors of any sizes. */
class CoveringArrayTest {
  @Property(tries = 100, seed = "2611")
  void everyPairOfLevelsIsInSomeRow(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 5) Integer> levels) {
    int[] counts = levels.stream().mapToInt(Integer::intValue).toArray();
    List<int[]> rows = CoveringArray.pairwise(counts);
    for (int i = 0; i < counts.length; i++) {
      for (int j = i + 1; j < counts.length; j++) {
        for (int a = 0; a < counts[i]; a++) {
          for (int b = 0; b < counts[j]; b++) {
            assertTrue(isIn(rows, i, a, j, b), levels + ": " + List.of(i, a, j, b));
          }
        }
      }
    }
    for (int[] row : rows) {
      for (int factor = 0; factor < counts.length; factor++) {
        assertTrue(row[factor] >= 0 && row[factor] < counts[factor]);
      }
    }
  }

  private static boolean isIn(List<int[]> rows, int i, int a, int j, int b) {
    return rows.stream().anyMatch(row -> row[i] == a && row[j] == b);
  }

  /** All combinations of these would be 384; two factors of 4 and 3 need 12 rows at least. */
  @Example
  void rowsAreFewAndAlwaysTheSame() {
    int[] levels = {2, 2, 2, 2, 4, 2, 3};
    List<int[]> rows = CoveringArray.pairwise(levels);
    assertTrue(rows.size() >= 12 && rows.size() <= 16, () -> rows.size() + " rows");
    assertEquals(shown(rows), shown(CoveringArray.pairwise(levels)));
  }

  private static List<String> shown(List<int[]> rows) {
    List<String> shown = new ArrayList<>();
    rows.forEach(row -> shown.add(Arrays.toString(row)));
    return shown;
  }

  @Example
  void aFactorWithoutLevelsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> CoveringArray.pairwise(2, 0));
  }
}
