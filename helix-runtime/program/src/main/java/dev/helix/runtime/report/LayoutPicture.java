package dev.helix.runtime.report;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.ffn.FfnShape;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.helix.FfnSharding;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.tensor.mesh.Layout;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Draws in characters what each rank is in both phases: which heads it has, which tokens of a
 * request it keeps, and which columns of the FFN it has. There is one strip for each rank, in which
 * {@code #} is the rank's own. {@code +} is a cell that it shares with others, because the drawing
 * is coarser than the tokens.
 */
public final class LayoutPicture {
  private static final int STRIP_WIDTH = 64;

  private final StringBuilder text = new StringBuilder();
  private final Layout layout;

  private LayoutPicture(Layout layout) {
    this.layout = layout;
  }

  /**
   * Draws the layout of a dense model.
   *
   * @param request number of the request whose tokens are drawn
   * @param tokens how many of its tokens are in the cache
   * @param capacity the greatest number of tokens for which the request was placed
   */
  public static String draw(
      AttentionShape attention,
      FfnShape ffn,
      Layout layout,
      PlacementRule rule,
      int request,
      int tokens,
      int capacity) {
    LayoutPicture picture = new LayoutPicture(layout);
    picture.attention(attention, rule, request, tokens, capacity);
    picture.ffn(new FfnSharding(ffn, layout));
    return picture.text.toString();
  }

  /**
   * Draws the layout of a model with experts.
   *
   * @param attention the sizes of attention; for latent attention they are those of its absorbed
   *     form
   * @param dense the dense FFN of the first layers, if there are any
   * @param request number of the request whose tokens are drawn
   * @param tokens how many of its tokens are in the cache
   * @param capacity the greatest number of tokens for which the request was placed
   */
  public static String draw(
      AttentionShape attention,
      MoeShape experts,
      Optional<FfnShape> dense,
      Layout layout,
      PlacementRule rule,
      int request,
      int tokens,
      int capacity) {
    LayoutPicture picture = new LayoutPicture(layout);
    picture.attention(attention, rule, request, tokens, capacity);
    picture.experts(new MoeSharding(experts, layout));
    dense.ifPresent(ffn -> picture.everyRank("the dense FFN of the first layers", ffn));
    if (experts.hasShared()) {
      picture.everyRank("the shared expert", experts.shared());
    }
    picture.line("");
    picture.grid("ranks in attention", "tpa", "kvp", layout.tpa(), layout.kvp());
    picture.grid("the same ranks in the FFN", "ep", "tpf", layout.ep(), layout.tpf());
    return picture.text.toString();
  }

  private void attention(
      AttentionShape attention, PlacementRule rule, int request, int tokens, int capacity) {
    attention(
        new AttentionSharding(attention, layout),
        rule.place(layout.kvp(), capacity),
        "tokens of request " + request + ": " + tokens + ", " + dealing(rule),
        tokens);
  }

  private void attention(
      AttentionSharding sharding, KvPlacement placement, String caption, int tokens) {
    line(
        "attention: KVP %d x TPA %d. KV heads: cached here; partial: query heads attended over"
            + " this",
        layout.kvp(), layout.tpa());
    line("rank's tokens; own: query heads that are whole here after the all-to-all");
    line(
        "%-7s %-4s %-4s %-9s %-9s %-9s %s",
        "", "kvp", "tpa", "KV heads", "partial", "own", caption);
    for (int rank = 0; rank < layout.ranks(); rank++) {
      int shard = layout.kvpIndex(rank);
      line(
          "%-7s %-4d %-4d %-9s %-9s %-9s %s",
          "rank " + rank,
          shard,
          layout.tpaIndex(rank),
          range(sharding.firstKvHead(rank), sharding.localKvHeads()),
          range(sharding.firstPartialHead(rank), sharding.partialHeads()),
          range(sharding.firstOwnedHead(rank), sharding.ownedHeads()),
          strip(tokens, count -> placement.localLength(shard, count)));
    }
  }

  private void ffn(FfnSharding sharding) {
    int columns = sharding.shape().intermediate();
    line("");
    line("FFN: the same ranks as TPF %d x EP %d", layout.tpf(), layout.ep());
    line("%-7s %-4s %-4s %-29s %s", "", "tpf", "ep", "columns", columns + " columns");
    for (int rank = 0; rank < layout.ranks(); rank++) {
      int first = sharding.firstColumn(rank);
      int own = sharding.localColumns();
      line(
          "%-7s %-4d %-4d %-29s %s",
          "rank " + rank,
          layout.tpfIndex(rank),
          layout.epIndex(rank),
          range(first, own),
          strip(columns, count -> Math.max(0, Math.min(own, count - first))));
    }
  }

  private void experts(MoeSharding sharding) {
    int experts = sharding.shape().experts();
    int columns = sharding.shape().intermediate();
    line("");
    line("FFN: the same ranks as TPF %d x EP %d", layout.tpf(), layout.ep());
    line(
        "%-7s %-4s %-4s %-9s %-19s %s",
        "", "tpf", "ep", "experts", "columns of each", experts + " experts of " + columns);
    for (int rank = 0; rank < layout.ranks(); rank++) {
      int own = rank;
      line(
          "%-7s %-4d %-4d %-9s %-19s %s",
          "rank " + rank,
          layout.tpfIndex(rank),
          layout.epIndex(rank),
          range(sharding.firstExpert(rank), sharding.localExperts()),
          range(sharding.firstColumn(rank), sharding.localColumns()),
          strip(experts * columns, count -> ownOf(sharding, own, count)));
    }
  }

  /**
   * How many of the first {@code count} columns of all experts, one after the other, belong to a
   * rank.
   */
  private static int ownOf(MoeSharding sharding, int rank, int count) {
    int columns = sharding.shape().intermediate();
    int whole =
        Math.max(
            0, Math.min(sharding.localExperts(), count / columns - sharding.firstExpert(rank)));
    int own = whole * sharding.localColumns();
    int expert = count / columns - sharding.firstExpert(rank);
    if (expert >= 0 && expert < sharding.localExperts()) {
      int within = count % columns - sharding.firstColumn(rank);
      own += Math.max(0, Math.min(sharding.localColumns(), within));
    }
    return own;
  }

  private void everyRank(String what, FfnShape ffn) {
    line(
        "%s: %d columns, %d on each rank in turn",
        what, ffn.intermediate(), ffn.intermediate() / layout.ranks());
  }

  /** Draws the ranks as a table; ranks are numbered along its rows. */
  private void grid(String title, String row, String column, int rows, int columns) {
    line("%s: a row for each %s, in it a column for each %s", title, row, column);
    for (int r = 0; r < rows; r++) {
      StringBuilder cells = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        cells.append(String.format(java.util.Locale.ROOT, "%5d", r * columns + c));
      }
      line("  %-3s %-3d%s", row, r, cells);
    }
  }

  /**
   * Draws a row of cells for {@code total} things in order.
   *
   * @param ownedOfFirst how many of the first n things belong to the rank
   */
  static String strip(int total, IntUnaryOperator ownedOfFirst) {
    int cells = Math.min(total, STRIP_WIDTH);
    StringBuilder strip = new StringBuilder("|");
    for (int cell = 0; cell < cells; cell++) {
      int from = (int) ((long) cell * total / cells);
      int to = (int) ((long) (cell + 1) * total / cells);
      int owned = ownedOfFirst.applyAsInt(to) - ownedOfFirst.applyAsInt(from);
      strip.append(owned == to - from ? '#' : owned > 0 ? '+' : '.');
    }
    return strip.append('|').toString();
  }

  private static String dealing(PlacementRule rule) {
    return switch (rule.kind()) {
      case ROUND_ROBIN -> "dealt in runs of " + rule.runLength();
      case CONTIGUOUS -> "contiguous";
    };
  }

  private static String range(int first, int count) {
    return count == 1 ? Integer.toString(first) : first + "-" + (first + count - 1);
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(java.util.Locale.ROOT, format, arguments).stripTrailing())
        .append('\n');
  }
}
