package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.Consumer;

/** The FFN of one layer as one rank runs it, dense or of experts. */
public interface FfnPart<T extends Tensor> {
  /** How the ranks must hold the hidden state that this part takes. */
  HeldState takes();

  /** How the ranks hold the output of this part. */
  HeldState leaves();

  /**
   * Applies the FFN for one step. Ranks without rows take part too, because other ranks may need
   * their experts.
   *
   * @param x normalised
   * @param step all rows of the step, whichever of them this rank holds
   * @param routed is told which experts this rank's rows go to, if there are any to choose from
   * @return the term that the residual connection adds, {@code [batch=rows, hidden]}
   */
  T apply(HeldRows<T> x, List<QueryToken> step, Consumer<Routing> routed);
}
