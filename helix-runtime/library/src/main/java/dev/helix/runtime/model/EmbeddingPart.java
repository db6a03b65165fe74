package dev.helix.runtime.model;

import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/** Where the hidden state of a step begins, as one rank runs it: the token embedding. */
public interface EmbeddingPart<T extends Tensor> {
  /** How the ranks hold the hidden state that it leaves. */
  HeldState leaves();

  /**
   * This rank's rows of a step's hidden state.
   *
   * @param batch all rows of the step
   * @return {@code [batch=rows, hidden]}
   */
  HeldRows<T> embed(List<StepRow> batch);
}
