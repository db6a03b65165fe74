package dev.helix.runtime.strategy.helix;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.SelfAttention;
import dev.helix.runtime.model.AttentionPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;

/**
 * Attention under Helix: from the whole state on every rank to the whole state on every rank. Each
 * request is placed on the KVP shards by the strategy's rule.
 */
record HelixAttentionPart<T extends Tensor>(SelfAttention<T> attention, HelixModel helix)
    implements AttentionPart<T> {
  @Override
  public HeldState takes() {
    return helix.hidden();
  }

  @Override
  public HeldState leaves() {
    return helix.hidden();
  }

  @Override
  public void open(int request, int capacity) {
    attention.cache().open(request, helix.strategy().placed(capacity), capacity);
  }

  @Override
  public void openFilled(int request, int capacity, int cached) {
    attention.cache().openFilled(request, helix.strategy().placed(capacity), capacity, cached);
  }

  @Override
  public void close(int request) {
    attention.cache().close(request);
  }

  @Override
  public T attend(HeldRows<T> x, AttentionTap<T> tap) {
    return attention.attend(x.values(), x.rows(), tap);
  }
}
