package dev.helix.runtime.model;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/** The attention of one layer as one rank runs it, with its part of the KV cache. */
public interface AttentionPart<T extends Tensor> {
  /** How the ranks must hold the hidden state that this part takes. */
  HeldState takes();

  /** How the ranks hold the output of this part. */
  HeldState leaves();

  /**
   * Makes room for a request in the cache, if this rank has a part of it.
   *
   * @param capacity the greatest number of tokens of the request
   */
  void open(int request, int capacity);

  /** Makes room for a request, and takes its first {@code cached} tokens to be in the cache. */
  void openFilled(int request, int capacity, int cached);

  /** Drops a finished request from the cache. */
  void close(int request);

  /**
   * Attends for one step. Ranks without rows take part too, because other ranks may need them.
   *
   * @param x normalised
   * @param step all rows of the step, whichever of them this rank holds
   * @return the term that the residual connection adds, {@code [batch=rows, hidden]}
   */
  T attend(HeldRows<T> x, List<QueryToken> step, AttentionTap<T> tap);
}
