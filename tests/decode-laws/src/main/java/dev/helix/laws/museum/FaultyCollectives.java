package dev.helix.laws.museum;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Group;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/** A reading's collectives, through which faults reach what is exchanged. */
class FaultyCollectives implements Collectives<Fp64Tensor> {
  final Collectives<Fp64Tensor> correct;

  FaultyCollectives(Collectives<Fp64Tensor> correct) {
    this.correct = correct;
  }

  /** Every rank adds up what all have sent by itself, and begins with its own. */
  static Collectives<Fp64Tensor> ownOrder(int rank, Collectives<Fp64Tensor> correct) {
    return new FaultyCollectives(correct) {
      @Override
      public Fp64Tensor allReduce(Purpose purpose, Group group, Fp64Tensor partial) {
        Fp64Tensor sums = correct.allReduce(purpose, group, partial);
        Axis first = partial.spec().dims().get(0).axis();
        double[] parts = correct.allGather(purpose, group, first, partial).toArray();
        int size = parts.length / group.size();
        for (int i = 0; i < size; i++) {
          double sum = 0;
          for (int step = 0; step < group.size(); step++) {
            sum += parts[(group.indexOf(rank) + step) % group.size() * size + i];
          }
          sums.region().set(i, sum);
        }
        return sums;
      }
    };
  }

  /** What an all-reduce returns is added up over the ranks once more. */
  static Collectives<Fp64Tensor> reducedTwice(Collectives<Fp64Tensor> correct) {
    return new FaultyCollectives(correct) {
      @Override
      public Fp64Tensor allReduce(Purpose purpose, Group group, Fp64Tensor partial) {
        return correct.allReduce(purpose, group, correct.allReduce(purpose, group, partial));
      }
    };
  }

  /** What arrives by sender, then row, is taken to be by row, then sender. */
  static Collectives<Fp64Tensor> rowsBeforeShards(Collectives<Fp64Tensor> correct) {
    return new FaultyCollectives(correct) {
      @Override
      public List<Fp64Tensor> allToAll(
          Purpose purpose, Group group, Axis split, List<Fp64Tensor> tensors) {
        List<Fp64Tensor> stacks = correct.allToAll(purpose, group, split, tensors);
        for (Fp64Tensor stack : stacks) {
          double[] all = stack.toArray();
          int shards = stack.spec().size(Axis.SHARDS);
          int rows = stack.spec().size(Axis.BATCH);
          int width = all.length / shards / rows;
          for (int i = 0; i < all.length; i++) {
            int run = i / width;
            int from = run % rows * shards + run / rows;
            stack.region().set(i, all[from * width + i % width]);
          }
        }
        return stacks;
      }
    };
  }

  @Override
  public List<Fp64Tensor> allToAll(
      Purpose purpose, Group group, Axis split, List<Fp64Tensor> tensors) {
    return correct.allToAll(purpose, group, split, tensors);
  }

  @Override
  public Fp64Tensor allReduce(Purpose purpose, Group group, Fp64Tensor partial) {
    return correct.allReduce(purpose, group, partial);
  }

  @Override
  public Fp64Tensor allGather(Purpose purpose, Group group, Axis axis, Fp64Tensor tensor) {
    return correct.allGather(purpose, group, axis, tensor);
  }

  @Override
  public Fp64Tensor reduceScatter(Purpose purpose, Group group, Axis axis, Fp64Tensor partial) {
    return correct.reduceScatter(purpose, group, axis, partial);
  }

  @Override
  public Fp64Tensor broadcast(Purpose purpose, Group group, int root, Fp64Tensor tensor) {
    return correct.broadcast(purpose, group, root, tensor);
  }
}
