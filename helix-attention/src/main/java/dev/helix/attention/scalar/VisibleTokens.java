package dev.helix.attention.scalar;

import dev.helix.attention.KvPage;
import dev.helix.attention.cache.PagePart;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a cache view in order, as if there were no pages.
 *
 * @param tokens where the key and value of each token are stored
 * @param group number of query heads that share a KV head; 0 if there are no tokens
 */
record VisibleTokens<S>(List<Token<S>> tokens, int group) {
  /**
   * Collects the tokens of a view.
   *
   * @param parts the pages that hold them
   * @param queries {@code [batch, heads, headDim]}
   */
  static <S> VisibleTokens<S> of(List<PagePart<ScalarTensor<S>>> parts, Spec queries) {
    List<Token<S>> tokens = new ArrayList<>();
    for (PagePart<ScalarTensor<S>> part : parts) {
      for (int i = 0; i < part.tokens(); i++) {
        tokens.add(new Token<>(part.page(), part.from() + i, part.localSlot() + i));
      }
    }
    int group = parts.isEmpty() ? 0 : queries.size(Axis.HEADS) / parts.get(0).kvHeads();
    return new VisibleTokens<>(tokens, group);
  }

  /**
   * The page and the slot in which the key and value of one token are stored.
   *
   * @param page the page
   * @param slot index of the slot in the page
   * @param localSlot index of the slot among all slots of the shard
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
