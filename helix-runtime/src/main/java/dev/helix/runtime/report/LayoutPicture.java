package dev.helix.runtime.report;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.AttentionSharding;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.ffn.FfnShape;
import dev.helix.ffn.FfnSharding;
import dev.helix.runtime.decode.PlacementRule;
import dev.helix.tensor.mesh.Layout;
import java.util.function.IntUnaryOperator;

/**
 * A drawing in characters of what each rank is in both phases: which heads it has and which tokens
 * of a request it keeps, then which columns of the FFN. One strip for each rank; {@code #} is the
 * rank's own, {@code +} a place that it shares with others because the drawing is coarser than the
 * tokens.
 */
public final class LayoutPicture {
  private static final int STRIP_WIDTH = 64;

  private final StringBuilder text = new StringBuilder();
  private final Layout layout;

  private LayoutPicture(Layout layout) {
    this.layout = layout;
  }

  /**
   * Draws a layout.
   *
   * @param request number of the request whose tokens are drawn
   * @param tokens how many of its tokens are in the cache
   * @param capacity the greatest number of tokens that it was placed for
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
    picture.attention(
        new AttentionSharding(attention, layout),
        rule.place(layout.kvp(), capacity),
        "tokens of request " + request + ": " + tokens + ", " + dealing(rule),
        tokens);
    picture.ffn(new FfnSharding(ffn, layout));
    return picture.text.toString();
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

  /**
   * A row of cells for {@code total} things in order.
   *
   * @param ownedOfFirst how many of the first n things are the rank's own
   */
  private static String strip(int total, IntUnaryOperator ownedOfFirst) {
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
