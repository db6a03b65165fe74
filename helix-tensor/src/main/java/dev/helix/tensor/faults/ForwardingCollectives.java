package dev.helix.tensor.faults;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * Collectives that forward every call. A fault extends this class and overrides what it changes.
 *
 * @param <T> the tensor type of the reading
 */
public class ForwardingCollectives<T extends Tensor> implements Collectives<T> {
  private final Collectives<T> healthy;

  /**
   * Forwards every call to other collectives.
   *
   * @param healthy the collectives of the same rank
   */
  protected ForwardingCollectives(Collectives<T> healthy) {
    this.healthy = healthy;
  }

  /** The collectives that calls are forwarded to. */
  protected final Collectives<T> healthy() {
    return healthy;
  }

  @Override
  public List<T> allToAll(Purpose purpose, Group group, Axis split, List<T> tensors) {
    return healthy.allToAll(purpose, group, split, tensors);
  }

  @Override
  public T allReduce(Purpose purpose, Group group, T partial) {
    return healthy.allReduce(purpose, group, partial);
  }

  @Override
  public T partialAllReduce(Purpose purpose, Group group, T partial) {
    return healthy.partialAllReduce(purpose, group, partial);
  }

  @Override
  public T allGather(Purpose purpose, Group group, Axis axis, T tensor) {
    return healthy.allGather(purpose, group, axis, tensor);
  }

  @Override
  public T reduceScatter(Purpose purpose, Group group, Axis axis, T partial) {
    return healthy.reduceScatter(purpose, group, axis, partial);
  }

  @Override
  public T broadcast(Purpose purpose, Group group, int root, T tensor) {
    return healthy.broadcast(purpose, group, root, tensor);
  }

  @Override
  public List<T> allToAllRows(Purpose purpose, Group group, List<T> rows, RowCounts counts) {
    return healthy.allToAllRows(purpose, group, rows, counts);
  }

  @Override
  public List<Integer> exchangeCounts(Group group, List<Integer> sent) {
    return healthy.exchangeCounts(group, sent);
  }

  @Override
  public void send(Purpose purpose, Group pair, T tensor) {
    healthy.send(purpose, pair, tensor);
  }

  @Override
  public T receive(Purpose purpose, Group pair, Spec spec) {
    return healthy.receive(purpose, pair, spec);
  }

  @Override
  public List<T> gatherBlocks(
      Purpose purpose, Group group, int receivers, Axis split, List<T> tensors) {
    return healthy.gatherBlocks(purpose, group, receivers, split, tensors);
  }

  @Override
  public T receiveBroadcast(Purpose purpose, Group group, int root, Spec spec) {
    return healthy.receiveBroadcast(purpose, group, root, spec);
  }
}
