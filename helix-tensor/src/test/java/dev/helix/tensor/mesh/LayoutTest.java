package dev.helix.tensor.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LayoutTest {
  @Property(seed = "20250120", tries = 400)
  void everyRankHasOneSeatInAttentionAndOneInTheFfn(@ForAll("layouts") Layout layout) {
    Set<List<Integer>> attention = new HashSet<>();
    Set<List<Integer>> ffn = new HashSet<>();
    for (int rank = 0; rank < layout.ranks(); rank++) {
      assertInside(layout.kvpIndex(rank), layout.kvp());
      assertInside(layout.tpaIndex(rank), layout.tpa());
      assertInside(layout.tpfIndex(rank), layout.tpf());
      assertInside(layout.epIndex(rank), layout.ep());
      attention.add(List.of(layout.tpaIndex(rank), layout.kvpIndex(rank)));
      ffn.add(List.of(layout.epIndex(rank), layout.tpfIndex(rank)));
    }
    assertEquals(layout.kvp() * layout.tpa(), attention.size());
    assertEquals(layout.tpf() * layout.ep(), ffn.size());
  }

  /** So that the all-to-all inside a KVP group leaves a contiguous run of heads on its ranks. */
  @Property(seed = "20250121", tries = 400)
  void kvpIsTheInnermostIndexOfAttentionAndTpfOfTheFfn(@ForAll("layouts") Layout layout) {
    int rank = 0;
    for (int tpa = 0; tpa < layout.tpa(); tpa++) {
      for (int kvp = 0; kvp < layout.kvp(); kvp++, rank++) {
        assertEquals(kvp, layout.kvpIndex(rank));
        assertEquals(tpa, layout.tpaIndex(rank));
      }
    }
    rank = 0;
    for (int ep = 0; ep < layout.ep(); ep++) {
      for (int tpf = 0; tpf < layout.tpf(); tpf++, rank++) {
        assertEquals(tpf, layout.tpfIndex(rank));
        assertEquals(ep, layout.epIndex(rank));
      }
    }
  }

  @Property(seed = "20250122", tries = 400)
  void theKvpGroupOfARankIsAllThatSharesItsHeadsInOrderOfTheSequence(
      @ForAll("layouts") Layout layout) {
    for (int rank = 0; rank < layout.ranks(); rank++) {
      int own = rank;
      List<Integer> sharing =
          IntStream.range(0, layout.ranks())
              .filter(other -> layout.tpaIndex(other) == layout.tpaIndex(own))
              .boxed()
              .toList();
      Group group = layout.kvpGroup(rank);
      assertEquals(sharing, group.ranks());
      assertEquals(layout.kvpIndex(rank), group.indexOf(rank));
    }
  }

  @Property(seed = "20250123", tries = 400)
  void kvpGroupsPartitionTheRanksAndOneNameMeansOneGroup(@ForAll("layouts") Layout layout) {
    Set<Group> groups = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (int rank = 0; rank < layout.ranks(); rank++) {
      groups.add(layout.kvpGroup(rank));
      names.add(layout.kvpGroup(rank).name());
    }
    List<Integer> members = new ArrayList<>();
    groups.forEach(group -> members.addAll(group.ranks()));
    members.sort(null);
    assertEquals(layout.all().ranks(), members);
    assertEquals(layout.tpa(), groups.size());
    assertEquals(groups.size(), names.size());
  }

  @Property(seed = "20250124", tries = 100)
  void allIsEveryRankInOrder(@ForAll("layouts") Layout layout) {
    assertEquals(
        IntStream.range(0, layout.kvp() * layout.tpa()).boxed().toList(), layout.all().ranks());
    assertEquals(layout.ranks(), layout.all().size());
  }

  @Test
  void aDenseModelGivesAllRanksToTpf() {
    assertEquals(new Layout(4, 2, 8, 1), Layout.dense(4, 2));
  }

  @Test
  void ranksThatDoNotExistAreRefusedEverywhere() {
    Layout layout = Layout.dense(2, 3);
    for (int rank : new int[] {-1, 6, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      for (Executable call :
          List.<Executable>of(
              () -> layout.kvpIndex(rank),
              () -> layout.tpaIndex(rank),
              () -> layout.tpfIndex(rank),
              () -> layout.epIndex(rank),
              () -> layout.kvpGroup(rank))) {
        Exception refusal = assertThrows(IllegalArgumentException.class, call);
        assertEquals("rank " + rank + " is not in [0, 6)", refusal.getMessage());
      }
    }
  }

  @Test
  void bothPhasesMustUseTheSameRanks() {
    assertRefused(
        "KVP × TPA (4 × 2 = 8) must equal TPF × EP (3 × 2 = 6)", () -> new Layout(4, 2, 3, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 1, KVP must be at least 1",
    "1, 0, 1, 1, TPA must be at least 1",
    "1, 1, 0, 1, TPF must be at least 1",
    "1, 1, 1, 0, EP must be at least 1",
    "-2, -3, 2, 3, 'KVP must be at least 1, got -2'",
  })
  void everyWidthIsAtLeastOne(int kvp, int tpa, int tpf, int ep, String message) {
    assertRefused(message, () -> new Layout(kvp, tpa, tpf, ep));
  }

  @Test
  void denseWidthsAreCheckedBeforeTheyAreMultiplied() {
    assertRefused("KVP must be at least 1, got 0", () -> Layout.dense(0, 4));
    assertRefused("TPA must be at least 1, got -1", () -> Layout.dense(1, -1));
  }

  /** 65536 × 65536 is 0 in an int, and 46341² is negative. */
  @ParameterizedTest
  @CsvSource({"65536, 65536", "46341, 46341", "1025, 1", "1, 1025", "33, 32"})
  void moreRanksThanAnyMachineHasAreRefusedAlsoWhereTheProductOverflows(int kvp, int tpa) {
    String message = "KVP × TPA (%d × %d) must be at most 1024 ranks".formatted(kvp, tpa);
    assertRefused(message, () -> Layout.dense(kvp, tpa));
    assertRefused(message, () -> new Layout(kvp, tpa, tpa, kvp));
  }

  @Test
  void theLargestLayoutIsALayout() {
    assertEquals(Layout.MAX_RANKS, new Layout(1024, 1, 32, 32).ranks());
    assertEquals(Layout.MAX_RANKS, Layout.dense(1, 1024).ranks());
  }

  private static void assertInside(int index, int width) {
    assertTrue(index >= 0 && index < width, () -> index + " of " + width);
  }

  private static void assertRefused(String message, Executable call) {
    Exception refusal = assertThrows(InvalidInputException.class, call);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  /** Widths of 1 to 8, the FFN split in every way that the number of ranks allows. */
  @Provide
  Arbitrary<Layout> layouts() {
    Arbitrary<Integer> widths = Arbitraries.integers().between(1, 8);
    return Combinators.combine(widths, widths)
        .flatAs(
            (kvp, tpa) -> {
              int ranks = kvp * tpa;
              List<Integer> divisors =
                  IntStream.rangeClosed(1, ranks).filter(d -> ranks % d == 0).boxed().toList();
              return Arbitraries.of(divisors).map(tpf -> new Layout(kvp, tpa, tpf, ranks / tpf));
            });
  }

  @Test
  void expertGroupsAreRunsOfRanksAndTheirPeersStandOneInEach() {
    Layout layout = new Layout(8, 1, 4, 2);
    assertEquals(List.of(4, 5, 6, 7), layout.tpfGroup(6).ranks());
    assertEquals(List.of(2, 6), layout.epGroup(6).ranks());
    assertEquals(2, layout.tpfIndex(6));
    assertEquals(1, layout.epIndex(6));
    for (int rank = 0; rank < 8; rank++) {
      assertEquals(layout.tpfIndex(rank), layout.tpfGroup(rank).indexOf(rank));
      assertEquals(layout.epIndex(rank), layout.epGroup(rank).indexOf(rank));
    }
  }

  @Test
  void aLayoutThatStartsAtAnotherRankIsTheSameThere() {
    Layout layout = new Layout(2, 3, 3, 2);
    Layout behind = layout.startingAt(12);
    for (int rank = 0; rank < layout.ranks(); rank++) {
      assertEquals(layout.kvpIndex(rank), behind.kvpIndex(12 + rank));
      assertEquals(layout.tpaIndex(rank), behind.tpaIndex(12 + rank));
      assertEquals(layout.tpfIndex(rank), behind.tpfIndex(12 + rank));
      assertEquals(layout.epIndex(rank), behind.epIndex(12 + rank));
      assertEquals(moved(layout.kvpGroup(rank)), behind.kvpGroup(12 + rank).ranks());
      assertEquals(moved(layout.tpfGroup(rank)), behind.tpfGroup(12 + rank).ranks());
      assertEquals(moved(layout.epGroup(rank)), behind.epGroup(12 + rank).ranks());
    }
    assertEquals(moved(layout.all()), behind.all().ranks());
    var refusal = assertThrows(IllegalArgumentException.class, () -> behind.kvpIndex(11));
    assertEquals("rank 11 is not in [12, 13, 14, 15, 16, 17]", refusal.getMessage());
  }

  private static List<Integer> moved(Group group) {
    return group.ranks().stream().map(rank -> 12 + rank).toList();
  }
}
