package dev.helix.attention.faults.merge;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import dev.helix.tensor.program.Piece;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A faulty merge of partial states.
 *
 * @param given the convention of the states that it is given. Log-sum-exps of another base than e
 *     are part of the fault, since all these merges take exponentials in base e
 * @param merge the faulty merge. It takes log-sum-exps of that base, with tokens first, and −∞ for
 *     no tokens
 */
public record MergeFault(FaultStory story, Convention given, UnaryOperator<PlainStates> merge)
    implements AttentionFault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.MERGE;
  }

  /**
   * Merges partial states as the faulty program did.
   *
   * @param states partial states in the convention {@link #given}
   * @return the merged states, as those of one shard
   */
  public PlainStates merged(PlainStates states) {
    return merge.apply(states);
  }

  @Override
  public <T extends Tensor> AttentionKernels<T> kernels(HealthyRank<T> rank) {
    return new ForwardingAttentionKernels<>(rank.kernels()) {
      @Override
      public T mergeByLse(Piece piece, PartialAttention<T> shards) {
        Spec spec = shards.output().spec();
        double[] lses = rank.numbers().of(shards.lse());
        int heads = spec.size(Axis.HEADS);
        PlainStates states =
            new PlainStates(
                spec.size(Axis.SHARDS),
                spec.size(Axis.BATCH) * heads,
                heads,
                rank.numbers().of(shards.output()),
                Arrays.stream(lses).map(given.base()::fromNatural).toArray());
        List<Dim> merged = spec.dims().stream().filter(d -> d.axis() != Axis.SHARDS).toList();
        return rank.numbers().tensor(new Spec(spec.dtype(), merged), merged(states).outputs());
      }
    };
  }
}
