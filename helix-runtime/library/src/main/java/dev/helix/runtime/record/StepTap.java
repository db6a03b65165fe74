package dev.helix.runtime.record;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Observes what a rank's program computes where all ranks must hold the same numbers: after each
 * all-reduce, each residual addition and the gathering of the logits. It may replace the tensor
 * with another one, which keeps one reading in step with another.
 */
public interface StepTap<T extends Tensor> {
  /**
   * Observes a tensor.
   *
   * @param place the tap point
   * @param step the request and position of each row of {@code tensor}
   * @param tensor {@code [batch, hidden]}; the logits are {@code [batch, vocabulary]}, padded
   * @return what the program goes on with: {@code tensor}, or another one with its axes and rank
   */
  T see(TapPoint place, List<QueryToken> step, T tensor);

  /**
   * Observes the routing of a layer.
   *
   * @param place the tap point
   * @param step the request and position of each token of {@code routing}
   */
  default void seeRouting(TapPoint place, List<QueryToken> step, Routing routing) {}

  /** The tap that observes the inside of a layer's attention on this rank. */
  default AttentionTap<T> attention(int layer) {
    return AttentionTap.none();
  }

  /** A tap that ignores everything. */
  static <T extends Tensor> StepTap<T> none() {
    return (place, step, tensor) -> tensor;
  }
}
