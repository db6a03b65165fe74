package dev.helix.attention;

import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * The operations that attention adds to those of {@link dev.helix.tensor.Kernels}, under the same
 * rules.
 *
 * @param <T> the tensor type of the reading
 */
public interface AttentionKernels<T extends Tensor> {
  /**
   * Splits a fused projection into heads and applies the rotary embedding to queries and keys.
   *
   * @param qkv {@code [batch, qkv]} with qkv = (Q + 2K)·Hsz for this rank's heads: all queries,
   *     then all keys, then all values
   * @param shape this rank's part of the layer
   * @param step request and position of each row
   */
  RotatedQkv<T> rotaryQkv(
      T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step);

  /**
   * Allocates a page of the cache for keys or values. This launches nothing. Numeric readings mark
   * it as unwritten, with NaN for instance, so that a read beyond what has been written shows.
   *
   * @param spec {@code [kvHeads, slots, headDim]}
   */
  T allocatePage(Spec spec);

  /**
   * Writes rows of a step's keys and values into pages of this rank, in place.
   *
   * @param keys {@code [batch, kvHeads, headDim]}
   * @param values {@code [batch, kvHeads, headDim]}
   * @param slots the rows to be kept and the slots that take them; may be empty
   */
  void appendKv(T keys, T values, List<CacheSlot<T>> slots);

  /**
   * Attends with each query over this rank's tokens of its request (Helix Parallelism §2.1). For
   * each row and head, the rule gives scores sⱼ of the visible tokens; the output is Σ exp(sⱼ)·vⱼ /
   * Σ exp(sⱼ) and the log-sum-exp is ln Σ exp(sⱼ). Query head h reads KV head h / (Q/K). A sink is
   * one more term of both sums, with the value 0. If no token is visible, it is the whole state:
   * (0, sink).
   *
   * @param piece which piece of the batch HOP-B launches here
   * @param queries {@code [batch, heads, headDim]}
   * @param views what each row sees; a row that sees nothing gets the empty state
   * @param rule the score rule of these heads; it has sinks only if this rank is the one to add
   *     them
   * @param valueDim components of a value, which may be more or fewer than those of a key
   * @return output {@code [batch, heads, headDim=valueDim]} and lse {@code [batch, heads]}
   */
  PartialAttention<T> flashDecode(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim);

  /** Attends in the same way for the whole batch in one launch. */
  default PartialAttention<T> flashDecode(
      T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return flashDecode(Piece.WHOLE, queries, views, rule, valueDim);
  }

  /**
   * Attends in the same way for the whole batch in one launch, where values are as wide as keys.
   */
  default PartialAttention<T> flashDecode(T queries, List<KvView<T>> views, ScoreRule rule) {
    return flashDecode(queries, views, rule, queries.spec().size(Axis.HEAD_DIM));
  }

  /**
   * Merges the parts of the sequence exactly (Helix Parallelism §2.1): O = Σᵢ exp(LSEᵢ − LSE)·Oᵢ
   * with LSE = ln Σᵢ exp(LSEᵢ). A part whose LSE is −∞ has no tokens and no effect, whatever its
   * output holds; if all parts are empty, the result is 0.
   *
   * @param piece which piece of the batch HOP-B launches here
   * @param shards output {@code [shards, batch, heads, headDim]}, lse {@code [shards, batch,
   *     heads]}
   * @return {@code [batch, heads, headDim]}
   */
  T mergeByLse(Piece piece, PartialAttention<T> shards);

  /** Merges the whole batch in one launch. */
  default T mergeByLse(PartialAttention<T> shards) {
    return mergeByLse(Piece.WHOLE, shards);
  }
}
