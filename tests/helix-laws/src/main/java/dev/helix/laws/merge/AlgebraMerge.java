package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.algebra.MaxSum;
import dev.helix.laws.algebra.PartialState;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** The simplest adapter: the algebra of partial attention, {@link PartialState}. */
public final class AlgebraMerge {
  private AlgebraMerge() {}

  /** {@link PartialState}, with log-sum-exps of either base. */
  public static MergeUnderTest of(LogBase base) {
    Convention natural = Convention.of(Precision.FP64);
    return MergeUnderTest.of(
        Declaration.of(base == LogBase.E ? natural : natural.base2())
            .inBits(Law.OWNERSHIP, Law.ONE_RANK),
        stack -> merged(stack, base));
  }

  /** An adapter that makes each {@link PartialState} from a (max, sum) pair. */
  public static MergeUnderTest ofPairs() {
    return MergeUnderTest.of(
        Declaration.of(Convention.of(Precision.FP64).maxSum()).inBits(Law.OWNERSHIP),
        stack -> {
          double[] maxima = stack.maxima();
          double[] sums = stack.sums();
          return merged(
              stack,
              LogBase.E,
              (output, at) ->
                  PartialState.ofFinished(
                      output, sums[at] == 0 ? MaxSum.EMPTY : new MaxSum(maxima[at], sums[at])));
        });
  }

  private static Partial merged(PartialStack stack, LogBase base) {
    double[] lses = stack.lses();
    Partial result =
        merged(stack, base, (output, at) -> PartialState.ofFinished(output, lses[at], base));
    // A log-sum-exp of one part is that part's, without the detour over its exponential.
    return stack.shards() == 1 ? new Partial(result.outputs(), lses) : result;
  }

  private static Partial merged(
      PartialStack stack, LogBase base, BiFunction<double[], Integer, PartialState> states) {
    int rows = stack.tokens() * stack.heads();
    int dim = stack.dim();
    double[] outputs = stack.outputs();
    double[] merged = new double[rows * dim];
    double[] lses = new double[rows];
    for (int row = 0; row < rows; row++) {
      List<PartialState> parts = new ArrayList<>();
      for (int shard = 0; shard < stack.shards(); shard++) {
        int at = shard * rows + row;
        parts.add(states.apply(Arrays.copyOfRange(outputs, at * dim, (at + 1) * dim), at));
      }
      PartialState state = PartialState.merge(dim, parts);
      System.arraycopy(state.output(), 0, merged, row * dim, dim);
      lses[row] = state.lse(base);
    }
    return new Partial(merged, lses);
  }
}
