package dev.helix.attention.helix;

import dev.helix.attention.QueryToken;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the batch that are launched together: the whole batch or, with HOP-B, one request
 * (Helix Parallelism §2, Fig. 3), so that the exchange of a request can run beside the attention of
 * the next.
 *
 * <p>The program states which launches are pieces, and a schedule finds out from their dependencies
 * what overlaps. All attentions and exchanges are launched before the first merge, because a merge
 * waits for its exchange and would hold up attentions that are launched after it. Each row is
 * computed by itself, whatever other rows are in the batch, so that no number changes.
 *
 * @param piece which of the launches this is
 * @param from the first row
 * @param to the row behind the last
 */
record BatchPiece(Piece piece, int from, int to) {
  /**
   * The pieces of a step, in order.
   *
   * @param step the rows of the batch; those of one request stand together
   * @param hopB whether each request is a piece, or all together are one
   */
  static List<BatchPiece> of(List<QueryToken> step, boolean hopB) {
    List<Integer> ends = hopB ? endsOfRequests(step) : List.of(step.size());
    if (ends.size() < 2) {
      return List.of(new BatchPiece(Piece.WHOLE, 0, step.size()));
    }
    List<BatchPiece> pieces = new ArrayList<>(ends.size());
    int from = 0;
    for (int to : ends) {
      pieces.add(new BatchPiece(new Piece(pieces.size(), ends.size()), from, to));
      from = to;
    }
    return pieces;
  }

  /**
   * The rows of this piece, not copied.
   *
   * @param batch {@code [batch, ..]}
   */
  <T extends Tensor> T rows(Kernels<T> kernels, T batch) {
    return piece.isWhole() ? batch : kernels.rows(batch, from, to);
  }

  /** The entries of this piece in a list that has one entry for each row. */
  <E> List<E> rows(List<E> batch) {
    return batch.subList(from, to);
  }

  /**
   * Puts the whole batch together again.
   *
   * @param pieces the result of each piece, in order, {@code [batch, ..]}
   */
  static <T extends Tensor> T joined(Kernels<T> kernels, List<T> pieces) {
    return pieces.size() == 1 ? pieces.get(0) : kernels.stackRows(pieces);
  }

  /** The row behind the last one of each request, in order. */
  private static List<Integer> endsOfRequests(List<QueryToken> step) {
    List<Integer> ends = new ArrayList<>();
    for (int row = 1; row <= step.size(); row++) {
      if (row == step.size() || step.get(row).request() != step.get(row - 1).request()) {
        ends.add(row);
      }
    }
    return ends;
  }
}
