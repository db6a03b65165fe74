package dev.helix.runtime.decode;

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
  T see(Place place, List<QueryToken> step, T tensor);

  /**
   * Looks at the routing of a layer.
   *
   * @param step the request and position of each token of {@code routing}
   */
  default void seeRouting(Place place, List<QueryToken> step, Routing routing) {}

  /** A tap that looks away. */
  static <T extends Tensor> StepTap<T> none() {
    return (place, step, tensor) -> tensor;
  }

  /** The tensors that a tap sees, in the order of the program. */
  enum Quantity {
    EMBEDDING("embedding"),
    ATTENTION_OUTPUT("attention output"),
    MIDDLE("hidden after attention"),
    ROUTING("routing"),
    FFN_OUTPUT("FFN output"),
    HIDDEN("hidden state"),
    LOGITS("logits");

    private final String words;

    Quantity(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * A place in the program.
   *
   * @param layer index of the layer; {@link #OUTSIDE} for the embedding and the logits
   */
  record Place(int layer, Quantity quantity) {
    public static final int OUTSIDE = -1;

    @Override
    public String toString() {
      return layer == OUTSIDE ? quantity.toString() : "layer " + layer + ", " + quantity;
    }
  }
}
