package dev.helix.attention.scalar;

import dev.helix.attention.cache.KvPage;
import dev.helix.attention.cache.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a cache view in order, as if there were no pages. Only pages that hold a visible
 * token are looked at; each may have a number of slots of its own.
 *
 * @param tokens where the keys and values of each token stand
 * @param group query heads that share a KV head
 */
record VisibleTokens<S>(List<Token<S>> tokens, int group) {
  /**
   * @param queries {@code [batch, heads, headDim]}, which the pages have to fit
   * @throws IllegalArgumentException if a page belongs to another rank or does not fit the queries,
   *     or if the pages have fewer slots than the view has tokens
   */
  static <S> VisibleTokens<S> of(ScalarRank<S> rank, Spec queries, KvView<ScalarTensor<S>> view) {
    List<Token<S>> tokens = new ArrayList<>(view.length());
    int group = 0;
    for (KvPage<ScalarTensor<S>> page : view.pages()) {
      int remaining = view.length() - tokens.size();
      if (remaining == 0) {
        break;
      }
      requireFits(rank, queries, page.keys());
      requireFits(rank, queries, page.values());
      Spec spec = page.keys().spec();
      if (!spec.dims().equals(page.values().spec().dims())) {
        throw rank.error(
            "flashDecode",
            "expected values of the keys' axes %s, got %s".formatted(spec, page.values().spec()));
      }
      int pageGroup = queries.size(Axis.HEADS) / spec.size(Axis.KV_HEADS);
      if (!tokens.isEmpty()) {
        rank.requireEqual("flashDecode", "query heads of a KV head", group, pageGroup);
      }
      group = pageGroup;
      for (int slot = 0; slot < Math.min(remaining, spec.size(Axis.SLOTS)); slot++) {
        tokens.add(new Token<>(page, slot));
      }
    }
    rank.requireEqual(
        "flashDecode", "tokens of the view in its pages", view.length(), tokens.size());
    return new VisibleTokens<>(tokens, group);
  }

  private static <S> void requireFits(ScalarRank<S> rank, Spec queries, ScalarTensor<S> page) {
    rank.requireOwn("flashDecode", page);
    Spec spec = page.spec().require("flashDecode page", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    int kvHeads = spec.size(Axis.KV_HEADS);
    if (kvHeads == 0
        || queries.size(Axis.HEADS) % kvHeads != 0
        || spec.size(Axis.HEAD_DIM) != queries.size(Axis.HEAD_DIM)) {
      throw rank.error(
          "flashDecode", "expected a page that fits queries %s, got %s".formatted(queries, spec));
    }
  }

  /** One token's place. */
  record Token<S>(KvPage<ScalarTensor<S>> page, int slot) {
    S key(int kvHead, int component) {
      return page.keys().get(at(kvHead, component));
    }

    S value(int kvHead, int component) {
      return page.values().get(at(kvHead, component));
    }

    private int at(int kvHead, int component) {
      Spec spec = page.keys().spec();
      return (kvHead * spec.size(Axis.SLOTS) + slot) * spec.size(Axis.HEAD_DIM) + component;
    }
  }
}
