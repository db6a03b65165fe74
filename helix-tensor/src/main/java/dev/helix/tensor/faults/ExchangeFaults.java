package dev.helix.tensor.faults;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/** The faults of the exchanges between ranks. */
public final class ExchangeFaults {
  /**
   * A rank reads the blocks of the all-to-all of partial states in another order than they arrive
   * in.
   */
  public static final Fault ROWS_BEFORE_SHARDS =
      new ExchangeFault(
          new FaultStory(
              "all-to-all blocks taken in another order",
              "deepspeedai/DeepSpeed#5664, deepspeedai/DeepSpeed#5808",
              "The exchange delivers blocks by sender, and they are reshaped as if rows came"
                  + " first.",
              "Sizes fit, and with one row both orders are the same."),
          FaultSeam.EXCHANGE,
          RowsBeforeShards::new);

  /** Each rank adds the parts of an all-reduce in an order of its own. */
  public static final Fault OWN_ORDER =
      new ExchangeFault(
          new FaultStory(
              "every rank sums the all-reduce in its own order",
              "pytorch/pytorch#129501",
              "Ranks read their peers round robin, to spread the load, and add in that order. Each"
                  + " sum is right within rounding, and differs between ranks in the last bit: they"
                  + " then choose different tokens or experts, and wait for each other for ever.",
              "Two ranks agree, as a + b = b + a."),
          FaultSeam.EXCHANGE,
          OwnOrder::new);

  private ExchangeFaults() {}

  /** All faults of exchanges. */
  public static List<Fault> all() {
    return List.of(ROWS_BEFORE_SHARDS, OWN_ORDER);
  }

  /** Takes what arrives ordered by sender, then row, to be ordered by row, then sender. */
  private static final class RowsBeforeShards<T extends Tensor> extends ForwardingCollectives<T> {
    private final RankNumbers<T> numbers;

    RowsBeforeShards(RankNumbers<T> numbers, Collectives<T> healthy) {
      super(healthy);
      this.numbers = numbers;
    }

    @Override
    public List<T> allToAll(Purpose purpose, Group group, Axis split, List<T> tensors) {
      return super.allToAll(purpose, group, split, tensors).stream().map(this::turned).toList();
    }

    private T turned(T stack) {
      double[] all = numbers.of(stack);
      int shards = stack.spec().size(Axis.SHARDS);
      int rows = stack.spec().size(Axis.BATCH);
      int width = all.length / shards / rows;
      double[] turned = new double[all.length];
      for (int i = 0; i < all.length; i++) {
        int run = i / width;
        int from = run % rows * shards + run / rows;
        turned[i] = all[from * width + i % width];
      }
      return numbers.tensor(stack.spec(), turned);
    }
  }

  /** Lets every rank add up all terms by itself, beginning with its own. */
  private static final class OwnOrder<T extends Tensor> extends ForwardingCollectives<T> {
    private final RankNumbers<T> numbers;

    OwnOrder(RankNumbers<T> numbers, Collectives<T> healthy) {
      super(healthy);
      this.numbers = numbers;
    }

    @Override
    public T allReduce(Purpose purpose, Group group, T partial) {
      Axis first = partial.spec().dims().get(0).axis();
      double[] parts = numbers.of(allGather(purpose, group, first, partial));
      double[] sums = new double[parts.length / group.size()];
      for (int i = 0; i < sums.length; i++) {
        for (int step = 0; step < group.size(); step++) {
          int member = (group.indexOf(numbers.rank()) + step) % group.size();
          sums[i] += parts[member * sums.length + i];
        }
      }
      return numbers.tensor(partial.spec(), sums);
    }

    @Override
    public T partialAllReduce(Purpose purpose, Group group, T partial) {
      return allReduce(purpose, group, partial);
    }
  }
}
