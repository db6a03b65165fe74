package dev.helix.attention.scalar;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
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
 * @param tokens where the keys and values of each token stand, and in which slot of the shard
 * @param group query heads that share a KV head
 */
record VisibleTokens<S>(List<Token<S>> tokens, int group) {
  /**
   * @param queries {@code [batch, heads, headDim]}, which the pages have to fit
   * @param valueDim components of a value: as wide as the page has them or, where keys and values
   *     are one tensor, the first of a key's
   * @throws IllegalArgumentException if a page belongs to another rank or does not fit the queries,
   *     or if the pages have fewer slots than the view has tokens
   */
  static <S> VisibleTokens<S> of(
      ScalarRank<S> rank, Spec queries, KvView<ScalarTensor<S>> view, int valueDim) {
    List<Token<S>> tokens = new ArrayList<>(view.length());
    int group = 0;
    int before = 0;
    for (KvPage<ScalarTensor<S>> page : view.pages()) {
      int remaining = view.length() - tokens.size();
      if (remaining == 0) {
        break;
      }
      int slots = page.keys().spec().size(Axis.SLOTS);
      int from = Math.max(0, view.first() - before);
      before += slots;
      if (from >= slots) {
        continue;
      }
      requireFits(rank, queries, page.keys());
      requireValues(rank, page, valueDim);
      Spec spec = page.keys().spec();
      int pageGroup = queries.size(Axis.HEADS) / spec.size(Axis.KV_HEADS);
      if (!tokens.isEmpty()) {
        rank.requireEqual("flashDecode", "query heads of a KV head", group, pageGroup);
      }
      group = pageGroup;
      for (int slot = from; slot < Math.min(from + remaining, slots); slot++) {
        tokens.add(new Token<>(page, slot, before - slots + slot));
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

  private static <S> void requireValues(
      ScalarRank<S> rank, KvPage<ScalarTensor<S>> page, int valueDim) {
    rank.requireOwn("flashDecode", page.values());
    Spec keys = page.keys().spec();
    Spec values =
        page.values().spec().require("flashDecode page", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    int width = values.size(Axis.HEAD_DIM);
    boolean oneTensor = page.keys() == page.values() && valueDim <= width;
    if (!keys.dims().subList(0, 2).equals(values.dims().subList(0, 2))
        || !(oneTensor || width == valueDim)) {
      throw rank.error(
          "flashDecode",
          "expected values of %d for the keys %s, got %s".formatted(valueDim, keys, values));
    }
  }

  /**
   * One token's place.
   *
   * @param slot within the page
   * @param localSlot among all slots of the shard
   */
  record Token<S>(KvPage<ScalarTensor<S>> page, int slot, int localSlot) {
    S key(int kvHead, int component) {
      return at(page.keys(), kvHead, component);
    }

    S value(int kvHead, int component) {
      return at(page.values(), kvHead, component);
    }

    private S at(ScalarTensor<S> tensor, int kvHead, int component) {
      Spec spec = tensor.spec();
      int index = (kvHead * spec.size(Axis.SLOTS) + slot) * spec.size(Axis.HEAD_DIM) + component;
      return tensor.get(index);
    }
  }
}
