package dev.helix.runtime.strategy.group;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.attention.SelfAttention;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.model.AttentionPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Attention on the ranks of a group, each of which has the whole hidden state before it and after
 * it. The plan's rule places each request on the KVP shards.
 *
 * @param assumed makes the placement that this rank assumes from the one that the plan's rule gives
 */
record GroupAttentionPart<T extends Tensor>(
    SelfAttention<T> attention, GroupModel group, UnaryOperator<KvPlacement> assumed)
    implements AttentionPart<T> {
  @Override
  public HeldState takes() {
    return group.hidden();
  }

  @Override
  public HeldState leaves() {
    return group.hidden();
  }

  @Override
  public void open(int request, int capacity) {
    if (group.requests().test(request)) {
      attention.cache().open(request, placed(capacity), capacity);
    }
  }

  @Override
  public void openFilled(int request, int capacity, int cached) {
    if (group.requests().test(request)) {
      attention.cache().openFilled(request, placed(capacity), capacity, cached);
    }
  }

  @Override
  public void close(int request) {
    if (group.requests().test(request)) {
      attention.cache().close(request);
    }
  }

  @Override
  public T attend(HeldRows<T> x, List<QueryToken> step, AttentionTap<T> tap) {
    return x.isEmpty() ? x.values() : attention.attend(x.values(), x.rows(), tap);
  }

  private KvPlacement placed(int capacity) {
    return assumed.apply(group.plan().placed(capacity));
  }
}
