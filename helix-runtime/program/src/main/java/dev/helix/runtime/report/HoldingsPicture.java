package dev.helix.runtime.report;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.Span;
import dev.helix.runtime.strategy.Strategy;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A table in characters of what each rank of any strategy has: which requests, layers, heads,
 * columns and experts, and which tokens of the longest of its requests. A {@code #} stands for the
 * rank's own tokens, and a {@code +} for a place that it shares with others because the drawing is
 * coarser than the tokens.
 */
public final class HoldingsPicture {
  private HoldingsPicture() {}

  /**
   * A request of a run.
   *
   * @param tokens how many of its tokens are in the cache
   * @param capacity the greatest number of tokens that it was placed for
   */
  public record Cached(int tokens, int capacity) {}

  /**
   * Draws a table with one row for each rank, which says what the rank has of the model and of the
   * requests.
   *
   * @param requests the requests of the run, in order
   */
  public static String draw(ModelConfig model, Strategy strategy, List<Cached> requests) {
    StringBuilder text = new StringBuilder();
    boolean experts = model.mixture().isPresent();
    line(
        text,
        "",
        "",
        "requests",
        "layers",
        "KV heads",
        "queries",
        experts ? "experts" : "",
        "columns",
        "tokens of the longest of its requests");
    for (int rank = 0; rank < strategy.ranks(); rank++) {
      RankHoldings own = strategy.holdings(model, rank);
      List<Integer> held =
          IntStream.range(0, requests.size()).filter(own.requests()).boxed().toList();
      line(
          text,
          "rank " + rank,
          own.place(),
          requests(held, requests.size()),
          own.layers(),
          own.attention().kvHeads(),
          own.attention().queryHeads(),
          experts ? own.ffn().experts() : "",
          own.ffn().columns(),
          tokens(own, held, requests));
    }
    return text.toString();
  }

  private static String requests(List<Integer> held, int all) {
    if (held.size() == all) {
      return all == 1 ? "0" : new Span(0, all).toString();
    }
    String each = held.toString().replaceAll("[\\[\\] ]", "");
    return held.isEmpty() ? "-" : each.length() <= 9 ? each : held.get(0) + ",..";
  }

  private static String tokens(RankHoldings own, List<Integer> held, List<Cached> requests) {
    if (held.isEmpty()) {
      return "-";
    }
    int longest = held.get(0);
    for (int request : held) {
      longest = requests.get(request).tokens() > requests.get(longest).tokens() ? request : longest;
    }
    Cached cached = requests.get(longest);
    KvPlacement placement = own.attention().placement().apply(cached.capacity());
    String strip =
        LayoutPicture.strip(
            cached.tokens(), count -> placement.localLength(own.attention().shard(), count));
    return "request " + longest + " " + strip;
  }

  private static void line(StringBuilder text, Object... cells) {
    text.append(
            String.format(Locale.ROOT, "%-8s %-28s %-9s %-7s %-9s %-9s %-9s %-9s %s", cells)
                .stripTrailing())
        .append('\n');
  }
}
