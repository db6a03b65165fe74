package dev.helix.runtime.strategy.helix;

import dev.helix.ffn.FeedForward;
import dev.helix.ffn.Routing;
import dev.helix.runtime.model.FfnPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.function.Consumer;

/**
 * The FFN under Helix, on the ranks that shared the KV cache: from the whole state on every rank to
 * the whole state on every rank.
 *
 * @param held replicated on all ranks
 */
record HelixFfnPart<T extends Tensor>(FeedForward<T> ffn, HeldState held) implements FfnPart<T> {
  @Override
  public HeldState takes() {
    return held;
  }

  @Override
  public HeldState leaves() {
    return held;
  }

  @Override
  public T apply(HeldRows<T> x, Consumer<Routing> routed) {
    return ffn.apply(x.values(), routed);
  }
}
