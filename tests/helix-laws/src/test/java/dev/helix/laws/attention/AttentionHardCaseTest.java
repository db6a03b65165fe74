package dev.helix.laws.attention;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Precision;
import dev.helix.attention.placement.RoundRobinPlacement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A hard case of attention is what its name says. */
class AttentionHardCaseTest {
  private static final Set<AttentionFeature> ALL = EnumSet.allOf(AttentionFeature.class);

  /** Of the division by a power of two and of the product with it. */
  private static final double ROUNDING = 1e-9;

  @Property(tries = 2000, seed = "2607")
  void aHardCaseIsWhatItsNameSays(@ForAll AttentionHardCase hard, @ForAll long seed) {
    AttentionCase given =
        hard.make(new AttentionDrawing(new SplittableRandom(seed), Precision.FP64, ALL));
    assertTrue(given.hard().equals(Set.of(hard)), given::toString);
    assertTrue(is(hard, given), () -> hard + ": " + given);
  }

  /** In the words of the case, not of the generator. */
  private static boolean is(AttentionHardCase hard, AttentionCase given) {
    int context = given.context();
    return switch (hard) {
      case NO_TOKENS -> context == 0;
      case ONE_TOKEN -> context == 1;
      case FEWER_TOKENS_THAN_SHARDS -> context > 0 && context < given.shards();
      case ONE_LESS_THAN_WHOLE_ROUNDS -> (context + 1) % round(given) == 0;
      case WHOLE_ROUNDS -> context % round(given) == 0 && context > 0;
      case ONE_MORE_THAN_WHOLE_ROUNDS -> (context - 1) % round(given) == 0 && context > 1;
      case GAP_20 -> gap(given, 20);
      case GAP_88 -> gap(given, 88.5);
      case GAP_104 -> gap(given, 104);
      case GAP_709 -> gap(given, 709.9);
      case GAP_746 -> gap(given, 746);
      case ALL_MINUS_1E5 -> scores(given).allMatch(s -> Math.abs(s + 1e5) <= 4 + ROUNDING);
      case MIXED_1E4 -> scores(given).allMatch(s -> Math.abs(s) == 1e4);
      case LOW_PAGE_FIRST -> lowPage(given, true);
      case LOW_PAGE_LAST -> lowPage(given, false);
      case MASS_48_TO_1 -> mass(given, 48);
      case MASS_1E6_TO_1 -> mass(given, 1e6);
      case UNEQUAL_SHARDS ->
          IntStream.range(0, given.shards())
                  .allMatch(shard -> range(scores(given, shard)) <= 2 + ROUNDING)
              && range(scores(given)) > 0;
      case CANCELLING_VALUES ->
          range(scores(given)) == 0
              && Arrays.stream(given.values()).filter(v -> v == 1e4).count()
                  == (long) given.kvHeads() * given.valueDim()
              && Arrays.stream(given.values()).filter(v -> v == -1e4).count()
                  == (long) given.kvHeads() * given.valueDim();
      case ZEROS_AND_SUBNORMALS ->
          Arrays.stream(given.values()).allMatch(v -> Math.abs(v) < Float.MIN_NORMAL);
      case ONE_OF_133_LIVES -> given.shards() == 133 && living(given) == 1;
      case ONE_OF_256_LIVES -> given.shards() == 256 && living(given) == 1;
      case MANY_EQUAL_SHARDS ->
          given.shards() >= 32 && living(given) == given.shards() && range(scores(given)) == 0;
      case EQUAL_AXES ->
          IntStream.of(
                  given.tokens(), given.heads(), given.kvHeads(), given.keyDim(), given.valueDim())
              .allMatch(axis -> axis == given.shards());
      case RAGGED_QUERIES ->
          given.tokens() > 2
              && given.queryPositions()[0] == 0
              && given.queryPositions()[given.tokens() - 1] == context - 1;
      case QUERIES_ACROSS_OWNERS -> ownersOfQueries(given) > 1;
      case POISONED_PAGES -> given.padding() > 0 && context > 0;
      case HEADS_32_ON_2 -> given.heads() == 32 && given.kvHeads() == 2;
      case HEADS_28_ON_7 -> given.heads() == 28 && given.kvHeads() == 7;
      case ONE_KV_HEAD -> given.heads() > 1 && given.kvHeads() == 1;
      case ODD_WIDTH_7 -> given.keyDim() == 7 && given.valueDim() == 7;
      case PAGE_EDGES ->
          edges(given, AttentionHardCase.PAGE_SLOTS)
              || edges(given, 2 * AttentionHardCase.PAGE_SLOTS);
      case SLOTS_AT_TILE_EDGES ->
          IntStream.of(16, 32, 64, 128, 256, 512).anyMatch(tile -> edges(given, tile))
              && List.of(1, 4).contains(given.heads());
      case HEADS_AT_TILE_EDGES -> ofTile(given.heads()) && given.tokens() == 1;
      case QUERIES_AT_TILE_EDGES -> ofTile(given.tokens()) && given.heads() == 1;
      case WIDTHS_OF_MODELS -> given.keyDim() >= 64 && given.valueDim() >= 64 && context == 3;
      case HALF_DEAD_TAIL ->
          IntStream.of(16, 32, 64, 128, 256, 512)
                  .anyMatch(tile -> context == tile + tile / 2 && given.padding() == tile / 2)
              && given.queryPositions()[0] < context - 1;
      case LATENT_12_HEADS ->
          given.heads() == 12 && given.kvHeads() == 1 && given.keyDim() > given.valueDim();
      case WIDTHS_576_512 -> given.keyDim() == 576 && given.valueDim() == 512;
      case VALUES_WIDER_THAN_KEYS -> given.valueDim() > given.keyDim();
      case FOUR_DRAFTS ->
          given.tokens() == 4
              && given.shards() == 2
              && scores(given, 0).max().orElse(0) > 3
              && IntStream.range(1, context).allMatch(j -> score(given, j) > score(given, j - 1));
      case WINDOW_ACROSS_OWNERS -> given.window() > 0 && ownersInAWindow(given) > 1;
      case WINDOW_OVER_MANY_SLOTS ->
          given.window() > 0 && given.window() < context && longest(given) > 64;
      case HEAVY_EDGE_OF_WINDOW -> {
        int oldest = seen(given, 0)[0];
        yield seen(given, 0).length == given.window()
            && oldest > 0
            && score(given, oldest) > score(given, oldest + 1) + 5
            && score(given, oldest - 1) > score(given, oldest) + 5;
      }
      case NOTHING_IN_THE_WINDOW ->
          given.window() > 0
              && context > 0
              && IntStream.range(0, given.tokens()).anyMatch(t -> seen(given, t).length == 0);
      case SINK_WITHOUT_TOKENS -> context == 0 && given.sinks().length == given.heads();
      case SINK_FAR_FROM_SCORES ->
          given.sinks().length == given.heads()
              && Arrays.stream(given.sinks()).allMatch(s -> Math.abs(s) == 746);
      case CAP_REACHED ->
          given.softCap() > 0 && scores(given).anyMatch(s -> Math.abs(s) >= 8 * given.softCap());
      case ALIBI_ACROSS_OWNERS -> slopes(given) && ownersOfQueries(given) > 1;
      case ALIBI_OVER_MANY_SLOTS -> slopes(given) && longest(given) > 64;
      case UNEQUAL_SCALES ->
          given.keyScale() != 1
              && given.valueScale() != 1
              && given.keyScale() != given.valueScale();
      case FAR_POSITIONS ->
          AttentionHardCase.OFFSETS.contains(given.offset())
              && given.window() > 0
              && slopes(given)
              && given.whole().slotPositions()[0] == given.offset();
      case ROTATED -> given.rotary().isPresent() && context >= 20;
      case COVERED_PAIRS -> given.shards() == 3 && given.tokens() == 2;
      case NEEDLE ->
          given.shards() == 8
              && scores(given).distinct().count() == 4
              && scores(given).max().orElseThrow() > 13;
    };
  }

  private static int round(AttentionCase given) {
    RoundRobinPlacement rule = (RoundRobinPlacement) given.owners().placement().orElseThrow();
    return rule.shards() * rule.runLength();
  }

  /** Of the first query's first head, before cap and bias. */
  private static double score(AttentionCase given, int token) {
    double dot = 0;
    for (int i = 0; i < given.keyDim(); i++) {
      dot += given.queries()[i] * given.keys()[token * given.kvHeads() * given.keyDim() + i];
    }
    return given.scale() * dot;
  }

  private static DoubleStream scores(AttentionCase given) {
    return IntStream.range(0, given.context()).mapToDouble(token -> score(given, token));
  }

  private static DoubleStream scores(AttentionCase given, int shard) {
    return IntStream.of(given.owners().positions(shard)).mapToDouble(j -> score(given, j));
  }

  private static double range(DoubleStream scores) {
    double[] sorted = scores.sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1] - sorted[0];
  }

  /** Neighbours are that far from each other, but for 1. */
  private static boolean gap(AttentionCase given, double gap) {
    return IntStream.range(1, given.context())
            .mapToDouble(j -> Math.abs(score(given, j) - score(given, j - 1)))
            .allMatch(d -> d <= gap + ROUNDING && d >= gap - 1 - ROUNDING)
        && given.context() > 1;
  }

  private static boolean lowPage(AttentionCase given, boolean first) {
    return IntStream.range(0, given.shards())
        .allMatch(
            shard -> {
              double[] scores = scores(given, shard).toArray();
              int low = (int) Arrays.stream(scores).filter(s -> s < -9e4).count();
              int from = first ? low : 0;
              return List.of(3, 16, 64, 96).contains(low)
                  && scores.length > low
                  && Arrays.stream(scores, from, from + scores.length - low)
                      .allMatch(s -> Math.abs(s) <= 1 + ROUNDING);
            });
  }

  /** All see all; one shard has so many times the weight of each other. */
  private static boolean mass(AttentionCase given, double ratio) {
    double[] sorted = scores(given).sorted().toArray();
    double heavy = Math.exp(sorted[sorted.length - 1] - sorted[sorted.length - 2]);
    return sorted[0] == sorted[sorted.length - 2]
        && Math.abs(heavy / ratio - 1) < ROUNDING
        && longest(given) == 1
        && Arrays.stream(given.queryPositions()).allMatch(q -> q >= given.context() - 1);
  }

  private static boolean ofTile(int rows) {
    return IntStream.of(16, 32, 64, 96, 128, 256, 512).anyMatch(tile -> Math.abs(rows - tile) <= 1);
  }

  private static boolean edges(AttentionCase given, int slots) {
    return given.queryPositions()[0] >= given.context() - 1
        && IntStream.range(0, given.shards())
            .map(shard -> given.owners().positions(shard).length)
            .boxed()
            .toList()
            .equals(List.of(slots - 1, slots, slots + 1));
  }

  private static long living(AttentionCase given) {
    return IntStream.range(0, given.context()).map(given.owners()::owner).distinct().count();
  }

  private static int longest(AttentionCase given) {
    return IntStream.range(0, given.shards())
        .map(shard -> given.owners().positions(shard).length)
        .max()
        .orElse(0);
  }

  private static long ownersOfQueries(AttentionCase given) {
    return Arrays.stream(given.queryPositions()).map(given.owners()::owner).distinct().count();
  }

  private static int[] seen(AttentionCase given, int query) {
    int position = given.queryPositions()[query];
    return IntStream.range(0, given.context())
        .filter(j -> AttentionReference.visible(given, j, position))
        .toArray();
  }

  private static long ownersInAWindow(AttentionCase given) {
    return IntStream.range(0, given.tokens())
        .mapToLong(t -> IntStream.of(seen(given, t)).map(given.owners()::owner).distinct().count())
        .max()
        .orElse(0);
  }

  private static boolean slopes(AttentionCase given) {
    return given.alibiSlopes().length == given.heads()
        && Arrays.stream(given.alibiSlopes()).allMatch(slope -> slope > 0);
  }
}
