package dev.helix.attention.helix;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionTap;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Group;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * Partial attention, its exchange and the merge: of the whole batch at once or, with HOP-B, of one
 * request after the other (Helix Parallelism §2, Fig. 3), so that the exchange of a request can run
 * beside the attention of the next.
 *
 * <p>What overlaps is for a schedule to find out from what depends on what. The program only states
 * it: all attentions and exchanges are launched before the first merge, because a merge waits for
 * its exchange and would hold up attentions launched behind it. Each row is computed by itself
 * whatever its company, so that no number changes.
 */
final class OverlapPipeline<T extends Tensor> {
  private final Kernels<T> kernels;
  private final AttentionKernels<T> attention;
  private final Collectives<T> collectives;
  private final Group kvpGroup;
  private final boolean hopB;

  OverlapPipeline(
      Kernels<T> kernels,
      AttentionKernels<T> attention,
      Collectives<T> collectives,
      Group kvpGroup,
      boolean hopB) {
    this.kernels = kernels;
    this.attention = attention;
    this.collectives = collectives;
    this.kvpGroup = kvpGroup;
    this.hopB = hopB;
  }

  /**
   * Steps 3 to 5.
   *
   * @param queries {@code [batch, heads, headDim]}
   * @param views what each row sees
   * @param step the rows; those of one request stand together
   * @param tap sees each piece before the exchange, after it and after the merge
   * @param decode the launch that attends
   * @return {@code [batch, heads, headDim]}: the whole attention of this rank's Q/N heads
   */
  T attend(
      T queries,
      List<KvView<T>> views,
      List<QueryToken> step,
      AttentionTap<T> tap,
      Decode<T> decode) {
    List<Integer> ends = hopB ? endsOfRequests(step) : List.of();
    if (ends.size() < 2) {
      Piece whole = Piece.WHOLE;
      PartialAttention<T> partial = decode.attend(whole, queries, views);
      return merged(whole, step, exchanged(whole, step, partial, tap), tap);
    }
    List<PartialAttention<T>> shards = new ArrayList<>(ends.size());
    int from = 0;
    for (int to : ends) {
      Piece piece = new Piece(shards.size(), ends.size());
      PartialAttention<T> partial =
          decode.attend(piece, kernels.rows(queries, from, to), views.subList(from, to));
      shards.add(exchanged(piece, step.subList(from, to), partial, tap));
      from = to;
    }
    List<T> merged = new ArrayList<>(ends.size());
    for (int index = 0; index < ends.size(); index++) {
      int first = index == 0 ? 0 : ends.get(index - 1);
      Piece piece = new Piece(index, ends.size());
      merged.add(merged(piece, step.subList(first, ends.get(index)), shards.get(index), tap));
    }
    return kernels.stackRows(merged);
  }

  /** One all-to-all over query heads: sequence parts of many heads for whole Q/N heads. */
  private PartialAttention<T> exchanged(
      Piece piece, List<QueryToken> step, PartialAttention<T> partial, AttentionTap<T> tap) {
    tap.partial(step, partial.requirePart("flashDecode"));
    List<T> exchanged =
        collectives.allToAll(
            Phase.ALL_TO_ALL.of(piece),
            kvpGroup,
            Axis.HEADS,
            List.of(partial.output(), partial.lse()));
    return new PartialAttention<>(exchanged.get(0), exchanged.get(1));
  }

  /** The exact attention of this rank's heads. */
  private T merged(
      Piece piece, List<QueryToken> step, PartialAttention<T> shards, AttentionTap<T> tap) {
    tap.exchanged(step, shards.requireStack("mergeByLse"));
    T merged = attention.mergeByLse(piece, shards);
    tap.merged(step, merged);
    return merged;
  }

  /** Where the rows of each request end. */
  private static List<Integer> endsOfRequests(List<QueryToken> step) {
    List<Integer> ends = new ArrayList<>();
    for (int row = 1; row <= step.size(); row++) {
      if (row == step.size() || step.get(row).request() != step.get(row - 1).request()) {
        ends.add(row);
      }
    }
    return ends;
  }

  /** Attention of some rows over this rank's part of the sequence. */
  interface Decode<T extends Tensor> {
    PartialAttention<T> attend(Piece piece, T queries, List<KvView<T>> views);
  }
}
