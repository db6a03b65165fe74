package dev.helix.tensor.faults;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Group;
import java.util.List;

/**
 * Exchanges that forward every call, for faults that change one.
 *
 * @param <T> the reading's tensor
 */
public class ForwardingCollectives<T extends Tensor> implements Collectives<T> {
  private final Collectives<T> healthy;

  /**
   * Forwards to other collectives.
   *
   * @param healthy of the same rank
   */
  protected ForwardingCollectives(Collectives<T> healthy) {
    this.healthy = healthy;
  }

  /** Those that calls are forwarded to. */
  protected final Collectives<T> healthy() {
    return healthy;
  }

  @Override
  public List<T> allToAll(Group group, Axis split, List<T> tensors) {
    return healthy.allToAll(group, split, tensors);
  }

  @Override
  public T allReduce(Group group, T partial) {
    return healthy.allReduce(group, partial);
  }

  @Override
  public T partialAllReduce(Group group, T partial) {
    return healthy.partialAllReduce(group, partial);
  }

  @Override
  public T allGather(Group group, Axis axis, T tensor) {
    return healthy.allGather(group, axis, tensor);
  }

  @Override
  public T reduceScatter(Group group, Axis axis, T partial) {
    return healthy.reduceScatter(group, axis, partial);
  }

  @Override
  public T broadcast(Group group, int root, T tensor) {
    return healthy.broadcast(group, root, tensor);
  }
}
