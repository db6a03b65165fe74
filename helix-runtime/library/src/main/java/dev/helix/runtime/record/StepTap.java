package dev.helix.runtime.record;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Sees what a rank's program computes, where all ranks must hold the same: after each all-reduce,
 * each residual addition and the gathering of the logits. It may put another tensor in its place,
 * which is how one reading is kept in step with another.
 */
public interface StepTap<T extends Tensor> {
  /**
   * Looks at a tensor.
   *
   * @param place where in the program
   * @param step the request and position of each row of {@code tensor}
   * @param tensor {@code [batch, hidden]}; the logits {@code [batch, vocabulary]}, padded
   * @return what the program goes on with: {@code tensor}, or one of its axes and rank
   */
  T see(TapPoint place, List<QueryToken> step, T tensor);

  /**
   * Looks at the routing of a layer.
   *
   * @param step the request and position of each token of {@code routing}
   */
  default void seeRouting(TapPoint place, List<QueryToken> step, Routing routing) {}

  /** The tap that sees the inside of a layer's attention on this rank. */
  default AttentionTap<T> attention(int layer) {
    return AttentionTap.none();
  }

  /** A tap that looks away. */
  static <T extends Tensor> StepTap<T> none() {
    return (place, step, tensor) -> tensor;
  }
}
