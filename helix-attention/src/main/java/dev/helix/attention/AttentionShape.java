package dev.helix.attention;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;

/**
 * The sizes of one grouped-query attention layer. With K = Q it is multi-head attention, and with K
 * = 1 multi-query attention. All heads together may be wider or narrower than the hidden size.
 *
 * @param hidden H, the size of the residual stream
 * @param queryHeads Q
 * @param kvHeads K, a divisor of Q; query head h attends with KV head h / (Q/K)
 * @param headDim Hsz, components of a head; even, for rotary pairs
 */
public record AttentionShape(int hidden, int queryHeads, int kvHeads, int headDim) {
  public AttentionShape {
    Sizes.requirePositive("hidden size", hidden);
    Sizes.requirePositive("query heads", queryHeads);
    Sizes.requirePositive("KV heads", kvHeads);
    Sizes.requirePositive("head size", headDim);
    if (queryHeads % kvHeads != 0) {
      throw new InvalidInputException(
          "KV heads (%d) must divide the query heads (%d)".formatted(kvHeads, queryHeads));
    }
    if (headDim % 2 != 0) {
      throw new InvalidInputException(
          "head size (%d) must be even for rotary embedding".formatted(headDim));
    }
  }

  /** Number of query heads that share one KV head. */
  public int queriesPerKvHead() {
    return queryHeads / kvHeads;
  }

  /** Number of rows of the stacked query, key and value projections: (Q + 2K)·Hsz. */
  public int qkvRows() {
    long heads = queryHeads + 2L * kvHeads;
    return Math.toIntExact(Math.multiplyExact(heads, (long) headDim));
  }

  /** The factor on scores, 1/√Hsz. */
  public double scoreScale() {
    return 1.0 / Math.sqrt(headDim);
  }
}
