package dev.helix.tests.laws;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Group;
import java.util.List;

/** Collectives that forward all calls, for faults that override one. */
class ForwardingCollectives<T extends Tensor> implements Collectives<T> {
  final Collectives<T> correct;

  ForwardingCollectives(Collectives<T> correct) {
    this.correct = correct;
  }

  @Override
  public List<T> allToAll(Group group, Axis split, List<T> tensors) {
    return correct.allToAll(group, split, tensors);
  }

  @Override
  public T allReduce(Group group, T partial) {
    return correct.allReduce(group, partial);
  }

  @Override
  public T partialAllReduce(Group group, T partial) {
    return correct.partialAllReduce(group, partial);
  }

  @Override
  public T allGather(Group group, Axis axis, T tensor) {
    return correct.allGather(group, axis, tensor);
  }

  @Override
  public T reduceScatter(Group group, Axis axis, T partial) {
    return correct.reduceScatter(group, axis, partial);
  }

  @Override
  public T broadcast(Group group, int root, T tensor) {
    return correct.broadcast(group, root, tensor);
  }
}
