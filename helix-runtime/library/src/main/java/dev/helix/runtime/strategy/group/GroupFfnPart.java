package dev.helix.runtime.strategy.group;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.FeedForward;
import dev.helix.ffn.Routing;
import dev.helix.runtime.model.FfnPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.Consumer;

/**
 * The FFN on the ranks of a group, each of which has the whole hidden state before it and after it.
 *
 * @param held how the ranks hold the hidden state before and after
 */
record GroupFfnPart<T extends Tensor>(FeedForward<T> ffn, HeldState held) implements FfnPart<T> {
  @Override
  public HeldState takes() {
    return held;
  }

  @Override
  public HeldState leaves() {
    return held;
  }

  @Override
  public T apply(HeldRows<T> x, List<QueryToken> step, Consumer<Routing> routed) {
    return x.isEmpty() ? x.values() : ffn.apply(x.values(), routed);
  }
}
