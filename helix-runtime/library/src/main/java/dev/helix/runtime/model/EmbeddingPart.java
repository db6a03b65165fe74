package dev.helix.runtime.model;

import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/**
 * The beginning of a step as one rank runs it: the token embedding, or the hidden state that
 * another rank hands over.
 */
public interface EmbeddingPart<T extends Tensor> {
  /** How the ranks hold the hidden state that this part leaves. */
  HeldState leaves();

  /**
   * Whether this part computes the embedding, and does not take a state that another rank has
   * computed.
   */
  default boolean embeds() {
    return true;
  }

  /**
   * The micro-batches in which a step passes through the layers, one after the other. They are the
   * same on all ranks.
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
