package dev.helix.tests.laws;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Group;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/** Collectives that forward all calls, for faults that override one. */
class ForwardingCollectives<T extends Tensor> implements Collectives<T> {
  final Collectives<T> correct;

  ForwardingCollectives(Collectives<T> correct) {
    this.correct = correct;
  }

  @Override
  public List<T> allToAll(Purpose purpose, Group group, Axis split, List<T> tensors) {
    return correct.allToAll(purpose, group, split, tensors);
  }

  @Override
  public T allReduce(Purpose purpose, Group group, T partial) {
    return correct.allReduce(purpose, group, partial);
  }

  @Override
  public T partialAllReduce(Purpose purpose, Group group, T partial) {
    return correct.partialAllReduce(purpose, group, partial);
  }

  @Override
  public T allGather(Purpose purpose, Group group, Axis axis, T tensor) {
    return correct.allGather(purpose, group, axis, tensor);
  }

  @Override
  public T reduceScatter(Purpose purpose, Group group, Axis axis, T partial) {
    return correct.reduceScatter(purpose, group, axis, partial);
  }

  @Override
  public T broadcast(Purpose purpose, Group group, int root, T tensor) {
    return correct.broadcast(purpose, group, root, tensor);
  }
}
