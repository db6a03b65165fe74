package dev.helix.runtime.model;

import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/**
 * Where the hidden state of a step begins, as one rank runs it: the token embedding, or what
 * another rank hands over.
 */
public interface EmbeddingPart<T extends Tensor> {
  /** How the ranks hold the hidden state that it leaves. */
  HeldState leaves();

  /** Whether the state begins here, and is not what another rank has computed. */
  default boolean embeds() {
    return true;
  }

  /**
   * The micro-batches in which a step passes through the layers, one after the other; on all ranks
   * the same.
   */
  default List<List<StepRow>> microBatches(List<StepRow> batch) {
    return List.of(batch);
  }

  /**
   * This rank's rows of a step's hidden state.
   *
   * @param batch all rows of the step, or of one of its micro-batches
   * @return {@code [batch=rows, hidden]}
   */
  HeldRows<T> embed(List<StepRow> batch);
}
