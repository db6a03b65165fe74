package dev.helix.runtime.record;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Records what a rank computes, and then replaces each hidden state with that of another run, so
 * that this run's next part starts from the numbers of the other. Outputs of attention and FFN are
 * not replaced, so that the sums after them are compared too.
 */
public final class LockstepTap<T extends Tensor> implements StepTap<T> {
  private final Kernels<T> kernels;
  private final StepTap<T> recording;
  private final TapRecord leader;
  private final IntConsumer layerDone;

  /**
   * Creates the tap of one rank.
   *
   * @param layerDone called at the end of each layer with the number of rows of the step
   */
  public LockstepTap(
      Kernels<T> kernels, StepTap<T> recording, TapRecord leader, IntConsumer layerDone) {
    this.layerDone = layerDone;
    this.kernels = kernels;
    this.recording = recording;
    this.leader = leader;
  }

  @Override
  public T see(TapPoint place, List<QueryToken> step, T tensor) {
    recording.see(place, step, tensor);
    if (place.quantity() == Quantity.HIDDEN) {
      layerDone.accept(step.size());
    }
    return switch (place.quantity()) {
      case EMBEDDING, MIDDLE, HIDDEN -> led(place, step, tensor);
      case ATTENTION_OUTPUT, ROUTING, FFN_OUTPUT, LOGITS -> tensor;
    };
  }

  @Override
  public void seeRouting(TapPoint place, List<QueryToken> step, Routing routing) {
    recording.seeRouting(place, step, routing);
  }

  @Override
  public AttentionTap<T> attention(int layer) {
    return recording.attention(layer);
  }

  private T led(TapPoint place, List<QueryToken> step, T tensor) {
    String key = "lockstep " + place + " " + step;
    return kernels.constant(tensor.spec(), new WeightSlice(key, () -> rows(place, step)));
  }

  private double[] rows(TapPoint place, List<QueryToken> step) {
    return step.stream()
        .flatMapToDouble(token -> java.util.Arrays.stream(leader.row(place, token)))
        .toArray();
  }
}
