package dev.helix.laws.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.rotary.RotaryAngles;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every token of a long case is seen by the laws, and every size is there. */
class TileEdgesTest {
  private static final Set<AttentionFeature> ALL = EnumSet.allOf(AttentionFeature.class);

  private static Stream<AttentionCase> cases(AttentionHardCase hard, Precision precision) {
    AttentionDrawing drawing = new AttentionDrawing(new SplittableRandom(7), precision, ALL);
    return IntStream.range(0, hard.variants(ALL)).mapToObj(v -> hard.make(drawing, v));
  }

  /**
   * A token of weight w that is left out, or counted twice, moves the log-sum-exp by ln(1 + w) at
   * least. That is beyond its bound for some row of each shard, in single precision too.
   */
  @ParameterizedTest
  @EnumSource(names = {"FP64", "FP32"})
  void aTokenThatIsLeftOutOrCountedTwiceBreaksABound(Precision precision) {
    Stream.of(AttentionHardCase.SLOTS_AT_TILE_EDGES, AttentionHardCase.HALF_DEAD_TAIL)
        .flatMap(hard -> cases(hard, precision))
        .forEach(
            given -> {
              for (int shard = 0; shard < given.shards(); shard++) {
                everyTokenCounts(Convention.of(precision), given.shard(shard));
              }
            });
  }

  private static void everyTokenCounts(Convention convention, AttentionInput input) {
    AttentionCase given = input.given;
    int token = given.tokens() - 1;
    AttentionReference reference =
        new AttentionReference(convention, RotaryAngles.IN_FORMAT, input);
    for (int slot = 0; slot < input.slots(); slot++) {
      if (input.slotPositions()[slot] >= 0) {
        double share = 0;
        for (int head = 0; head < given.heads(); head++) {
          AttentionReference.Row row = reference.row(token, head);
          double alone =
              new AttentionReference(convention, RotaryAngles.IN_FORMAT, input.only(slot))
                  .row(token, head)
                  .lseInBase();
          double moved = Math.log1p(Math.exp(alone - row.lseInBase()));
          share = Math.max(share, moved / (row.lseBound() + Math.ulp(row.lseInBase())));
        }
        int of = slot;
        assertTrue(share > 1, () -> "slot %d of %s".formatted(of, input));
      }
    }
  }

  @Test
  void everyNumberOfTokensHeadsAndQueriesAroundATileIsThere() {
    List<Integer> tiles = List.of(16, 32, 64, 128, 256, 512);
    List<Integer> rowTiles = List.of(16, 32, 64, 96, 128, 256, 512);
    for (int heads : new int[] {1, 4}) {
      assertEquals(
          around(tiles),
          cases(AttentionHardCase.SLOTS_AT_TILE_EDGES, Precision.FP64)
              .filter(given -> given.heads() == heads)
              .flatMap(given -> IntStream.range(0, 3).mapToObj(s -> given.owners().positions(s)))
              .map(positions -> positions.length)
              .toList());
    }
    assertEquals(
        around(rowTiles),
        cases(AttentionHardCase.HEADS_AT_TILE_EDGES, Precision.FP64)
            .map(AttentionCase::heads)
            .distinct()
            .toList());
    assertEquals(
        around(List.of(16, 64, 128)),
        cases(AttentionHardCase.QUERIES_AT_TILE_EDGES, Precision.FP64)
            .map(AttentionCase::tokens)
            .toList());
    assertEquals(
        List.of(64, 96, 128, 192, 192, 256, 512, 576),
        cases(AttentionHardCase.WIDTHS_OF_MODELS, Precision.FP64)
            .map(AttentionCase::keyDim)
            .toList());
  }

  /** Every number of heads beside a tile that can be divided is there in groups. */
  @Test
  void headsBesideATileAreAlsoThereInGroups() {
    Set<Integer> grouped =
        cases(AttentionHardCase.HEADS_AT_TILE_EDGES, Precision.FP64)
            .filter(given -> given.kvHeads() > 1 && given.kvHeads() < given.heads())
            .map(AttentionCase::heads)
            .collect(Collectors.toSet());
    assertTrue(
        grouped.containsAll(List.of(15, 33, 63, 65, 95, 129, 255, 511, 513)), grouped::toString);
    Set<Integer> together =
        cases(AttentionHardCase.HEADS_AT_TILE_EDGES, Precision.FP64)
            .filter(given -> given.kvHeads() == 1)
            .map(AttentionCase::heads)
            .collect(Collectors.toSet());
    assertTrue(together.containsAll(List.of(31, 127, 17, 97, 257)), together::toString);
  }

  private static List<Integer> around(List<Integer> tiles) {
    return tiles.stream().flatMap(tile -> Stream.of(tile - 1, tile, tile + 1)).toList();
  }

  /** Rows next to each other have other queries, and so have rows a tile apart. */
  @Test
  void headsAndQueriesThatChangePlacesChangeTheResult() {
    Stream.of(AttentionHardCase.HEADS_AT_TILE_EDGES, AttentionHardCase.QUERIES_AT_TILE_EDGES)
        .flatMap(hard -> cases(hard, Precision.FP64))
        .forEach(
            given -> {
              AttentionReference whole =
                  new AttentionReference(
                      Convention.of(Precision.FP64), RotaryAngles.IN_FORMAT, given.whole());
              double[] lses =
                  IntStream.range(0, given.rows())
                      .mapToDouble(
                          row -> whole.row(row / given.heads(), row % given.heads()).lseInBase())
                      .toArray();
              for (int apart : new int[] {1, 16, 32, 64, 96, 128, 256, 512}) {
                int rows =
                    IntStream.range(apart, lses.length).map(r -> other(lses, r, apart)).sum();
                int all = lses.length - apart;
                // Of keys that are drawn from few levels some are alike.
                assertTrue(rows >= all / 2, () -> apart + " apart: " + Arrays.toString(lses));
              }
            });
  }

  private static int other(double[] lses, int row, int apart) {
    return Math.abs(lses[row] - lses[row - apart]) > 1e-6 ? 1 : 0;
  }
}
