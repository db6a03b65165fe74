package dev.helix.attention.faults.rotary;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A fault in the position by which a token is turned. Masks and lengths still follow the right
 * position.
 *
 * @param change makes the wrong position from the right one
 */
record PositionFault(FaultStory story, IntUnaryOperator change) implements AttentionFault {
  @Override
  public FaultSeam seam() {
    return FaultSeam.POSITIONS;
  }

  @Override
  public <T extends Tensor> AttentionKernels<T> kernels(HealthyRank<T> rank) {
    return new ForwardingAttentionKernels<>(rank.kernels()) {
      @Override
      public RotatedQkv<T> rotaryQkv(
          T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
        List<QueryToken> used =
            step.stream()
                .map(t -> new QueryToken(t.request(), change.applyAsInt(t.position())))
                .toList();
        return super.rotaryQkv(qkv, shape, rotary, used);
      }
    };
  }
}
