package dev.helix.attention.helix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
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

final class AttentionShardingTest {
  @Property(seed = "20250180", tries = 500)
  void afterTheAllToAllRankROwnsTheRthRunOfQueryHeads(
      @ForAll("shardings") AttentionSharding sharding) {
    int head = 0;
    for (int rank = 0; rank < sharding.layout().ranks(); rank++) {
      assertEquals(head, sharding.firstOwnedHead(rank));
      head += sharding.ownedHeads();
    }
    assertEquals(sharding.shape().queryHeads(), head);
  }

  /** The all-to-all sends the i-th of equal blocks of heads to the i-th member of the group. */
  @Property(seed = "20250181", tries = 500)
  void theBlockThatAMemberReceivesIsTheRunThatItOwns(
      @ForAll("shardings") AttentionSharding sharding) {
    Layout layout = sharding.layout();
    for (int rank = 0; rank < layout.ranks(); rank++) {
      List<Integer> group = layout.kvpGroup(rank).ranks();
      assertEquals(0, sharding.partialHeads() % group.size());
      int block = sharding.partialHeads() / group.size();
      for (int member = 0; member < group.size(); member++) {
        int sent = sharding.firstPartialHead(rank) + member * block;
        assertEquals(sent, sharding.firstOwnedHead(group.get(member)));
      }
      assertEquals(block, sharding.ownedHeads());
    }
  }

  @Property(seed = "20250182", tries = 500)
  void everyKvpGroupComputesItsOwnHeadsAndAllGroupsAllHeads(
      @ForAll("shardings") AttentionSharding sharding) {
    Layout layout = sharding.layout();
    Set<Integer> queryHeads = new HashSet<>();
    Set<Integer> kvHeads = new HashSet<>();
    for (int rank = 0; rank < layout.ranks(); rank++) {
      for (int other : layout.kvpGroup(rank).ranks()) {
        assertEquals(sharding.firstPartialHead(rank), sharding.firstPartialHead(other));
        assertEquals(sharding.firstKvHead(rank), sharding.firstKvHead(other));
      }
      if (layout.kvpIndex(rank) == 0) {
        run(sharding.firstPartialHead(rank), sharding.partialHeads())
            .forEach(head -> assertTrue(queryHeads.add(head), () -> "query head " + head));
        run(sharding.firstKvHead(rank), sharding.localKvHeads())
            .forEach(head -> assertTrue(kvHeads.add(head), () -> "KV head " + head));
      }
    }
    assertEquals(sharding.shape().queryHeads(), queryHeads.size());
    assertEquals(sharding.shape().kvHeads(), kvHeads.size());
  }

  /** Query head h reads KV head h / (Q/K), whether counted in the model or on the rank. */
  @Property(seed = "20250183", tries = 500)
  void aRankPairsQueriesWithKeysAsTheModelDoes(@ForAll("shardings") AttentionSharding sharding) {
    AttentionShape local = sharding.local();
    assertEquals(sharding.shape().hidden(), local.hidden());
    assertEquals(sharding.shape().headDim(), local.headDim());
    for (int rank = 0; rank < sharding.layout().ranks(); rank++) {
      for (int head = 0; head < local.queryHeads(); head++) {
        int here = sharding.firstKvHead(rank) + head / local.queriesPerKvHead();
        int inModel =
            (sharding.firstPartialHead(rank) + head) / sharding.shape().queriesPerKvHead();
        assertEquals(inModel, here);
        assertTrue(here < sharding.firstKvHead(rank) + local.kvHeads());
      }
    }
  }

  @Test
  void tpaThatDuplicatesOrSplitsAKvHeadIsRefused() {
    AttentionShape shape = new AttentionShape(16, 48, 8, 2);
    assertRefused(
        "TPA (6) must divide the model's KV heads (8)",
        () -> new AttentionSharding(shape, Layout.dense(1, 6)));
    assertRefused(
        "TPA (16) must divide the model's KV heads (8)",
        () -> new AttentionSharding(shape, Layout.dense(1, 16)));
  }

  @Test
  void ranksThatDoNotDivideTheQueryHeadsAreRefused() {
    assertRefused(
        "KVP × TPA (3 × 2 = 6) must divide the model's query heads (8)",
        () -> new AttentionSharding(new AttentionShape(16, 8, 4, 2), Layout.dense(3, 2)));
    assertRefused(
        "KVP × TPA (16 × 1 = 16) must divide the model's query heads (8)",
        () -> new AttentionSharding(new AttentionShape(16, 8, 4, 2), Layout.dense(16, 1)));
  }

  private static IntStream run(int first, int count) {
    return IntStream.range(first, first + count);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(InvalidInputException.class, call).getMessage());
  }

  /** Known shapes with every TPA and KVP that their heads allow. */
  @Provide
  Arbitrary<AttentionSharding> shardings() {
    return Combinators.combine(
            Arbitraries.of(128, 32, 28, 12, 8, 4, 1), Arbitraries.integers().between(0, 99))
        .flatAs(
            (queryHeads, choice) -> {
              int kvHeads = pick(divisors(queryHeads), choice);
              AttentionShape shape = new AttentionShape(6, queryHeads, kvHeads, 2);
              return Arbitraries.of(divisors(kvHeads))
                  .flatMap(
                      tpa ->
                          Arbitraries.of(divisors(queryHeads / tpa))
                              .map(kvp -> new AttentionSharding(shape, Layout.dense(kvp, tpa))));
            });
  }

  private static int pick(List<Integer> from, int choice) {
    return from.get(choice % from.size());
  }

  private static List<Integer> divisors(int number) {
    return IntStream.rangeClosed(1, number).filter(d -> number % d == 0).boxed().toList();
  }
}
