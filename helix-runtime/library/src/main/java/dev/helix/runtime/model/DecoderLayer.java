package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.attention.SelfAttention;
import dev.helix.ffn.FeedForward;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * One decoder layer on one rank: h = x + attention(norm(x)), then h + ffn(norm(h)). Both halves run
 * on the same N ranks; between them each rank's part changes from KVP × TPA to TPF × EP (Helix
 * Parallelism §2).
 */
public final class DecoderLayer<T extends Tensor> {
  private final int index;
  private final RankOperations<T> operations;
  private final LayerNorms<T> norms;
  private final double epsilon;
  private final SelfAttention<T> attention;
  private final FeedForward<T> ffn;
  private final StepTap<T> tap;

  public DecoderLayer(
      int index,
      RankOperations<T> operations,
      LayerNorms<T> norms,
      double epsilon,
      SelfAttention<T> attention,
      FeedForward<T> ffn,
      StepTap<T> tap) {
    this.index = index;
    this.operations = operations;
    this.norms = norms;
    this.epsilon = epsilon;
    this.attention = attention;
    this.ffn = ffn;
    this.tap = tap;
  }

  SelfAttention<T> attention() {
    return attention;
  }

  /**
   * Decodes one step.
   *
   * @param x {@code [batch, hidden]}, whole on every rank
   * @return {@code [batch, hidden]}, whole on every rank
   */
  T decode(T x, List<QueryToken> step) {
    operations.scope().enter(Place.layer(index));
    Kernels<T> kernels = operations.kernels();

    T attended =
        tap.see(
            new TapPoint(index, Quantity.ATTENTION_OUTPUT),
            step,
            attention.attend(
                kernels.rmsNorm(Phase.NORM, x, norms.input(), epsilon),
                step,
                tap.attention(index)));
    T middle =
        tap.see(new TapPoint(index, Quantity.MIDDLE), step, kernels.add(Phase.NORM, x, attended));

    T normed = kernels.rmsNorm(Phase.NORM, middle, norms.postAttention(), epsilon);
    T transformed =
        tap.see(
            new TapPoint(index, Quantity.FFN_OUTPUT),
            step,
            ffn.apply(
                normed,
                routing -> tap.seeRouting(new TapPoint(index, Quantity.ROUTING), step, routing)));
    return tap.see(
        new TapPoint(index, Quantity.HIDDEN), step, kernels.add(Phase.NORM, middle, transformed));
  }
}
