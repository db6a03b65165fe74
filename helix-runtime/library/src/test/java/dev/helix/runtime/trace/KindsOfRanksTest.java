package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.Group;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KindsOfRanksTest {
  private static Group group(Integer... ranks) {
    return new Group("ranks", List.of(ranks));
  }

  @Example
  void ranksOfEqualSizeThatMeetOthersAreApart() {
    List<String> sizes = List.of("long", "long", "long", "short");
    // Ranks 0 and 1 meet each other, and rank 2 meets the shorter one.
    assertEquals(
        List.of(List.of(0, 1), List.of(2), List.of(3)),
        KindsOfRanks.of(4, sizes::get, List.of(List.of(group(0, 1), group(2, 3)))));
    assertEquals(
        List.of(List.of(0, 1, 2), List.of(3)),
        KindsOfRanks.of(4, sizes::get, List.of(List.of(group(0, 1, 2, 3)))));
  }

  @Example
  void groupsOnOneBoardAreApartFromThoseOnTwo() {
    assertEquals(
        List.of(List.of(0, 1, 2), List.of(3, 4, 5)),
        KindsOfRanks.of(6, rank -> "alike", List.of(List.of(group(0, 1, 2), group(3, 4, 5)))));
    assertEquals(
        List.of(List.of(0, 1, 2, 3)),
        KindsOfRanks.of(4, rank -> "alike", List.of(List.of(group(0, 1), group(2, 3)))));
  }

  /** In each list every rank of a kind has a group with ranks of the same kinds, or none. */
  @Property(tries = 200, seed = "7311")
  void allRanksOfAKindMeetTheSameKinds(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int ranks) {
    Random random = new Random(seed);
    List<Integer> sizes = random.ints(ranks, 0, 2).boxed().toList();
    List<List<Group>> exchanges = new ArrayList<>();
    for (int purpose = 0; purpose < 3; purpose++) {
      int parts = 1 + random.nextInt(4);
      int[] part = random.ints(ranks, 0, parts).toArray();
      exchanges.add(
          IntStream.range(0, parts)
              .mapToObj(p -> IntStream.range(0, ranks).filter(r -> part[r] == p).boxed().toList())
              .filter(members -> members.size() > 1 && random.nextInt(4) > 0)
              .map(members -> new Group("ranks", members))
              .toList());
    }
    exchanges.removeIf(List::isEmpty);
    List<List<Integer>> kinds = KindsOfRanks.of(ranks, sizes::get, exchanges);
    assertEquals(
        IntStream.range(0, ranks).boxed().toList(),
        kinds.stream().flatMap(List::stream).sorted().toList());
    for (List<Integer> kind : kinds) {
      Set<Object> alike = new HashSet<>();
      kind.forEach(rank -> alike.add(met(rank, sizes, exchanges, kinds)));
      assertEquals(1, alike.size(), () -> kind + " of " + kinds + " with " + exchanges);
    }
  }

  private static Map<String, Object> met(
      int rank, List<Integer> sizes, List<List<Group>> exchanges, List<List<Integer>> kinds) {
    List<Set<Integer>> met = new ArrayList<>();
    for (List<Group> groups : exchanges) {
      Set<Integer> own = new HashSet<>();
      groups.stream()
          .filter(group -> group.ranks().contains(rank))
          .flatMap(group -> group.ranks().stream())
          .forEach(other -> own.add(kindOf(other, kinds)));
      met.add(own);
    }
    return Map.of("size", sizes.get(rank), "met", met);
  }

  private static int kindOf(int rank, List<List<Integer>> kinds) {
    return IntStream.range(0, kinds.size())
        .filter(kind -> kinds.get(kind).contains(rank))
        .findFirst()
        .orElseThrow();
  }
}
