package dev.helix.runtime.record;

import dev.helix.attention.AttentionTap;
import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Records what a rank computes: every rank keeps a fold of it, and the numbers where they are
 * wanted.
 */
public final class RecordingTap<T extends Tensor> implements StepTap<T> {
  private final Kernels<T> kernels;
  private final RankAgreement agreement;
  private final Optional<TapRecord> taps;
  private final Optional<AttentionRecord> attention;

  /**
   * Creates the tap of one rank.
   *
   * @param taps where this rank keeps the numbers, if it keeps them
   * @param attention where this rank keeps what it holds inside of attention, if it keeps it
   */
  public RecordingTap(
      Kernels<T> kernels,
      RankAgreement agreement,
      Optional<TapRecord> taps,
      Optional<AttentionRecord> attention) {
    this.kernels = kernels;
    this.agreement = agreement;
    this.taps = taps;
    this.attention = attention;
  }

  @Override
  public T see(TapPoint point, List<QueryToken> step, T tensor) {
    double[] values = kernels.toHost(tensor);
    agreement.keep(point, step, values);
    taps.ifPresent(kept -> kept.keep(point, step, values));
    return tensor;
  }

  @Override
  public void seeRouting(TapPoint point, List<QueryToken> step, Routing routing) {
    agreement.keep(point, step, routing);
    taps.ifPresent(kept -> kept.keepRouting(point, step, routing));
  }

  @Override
  public AttentionTap<T> attention(int layer) {
    return attention
        .<AttentionTap<T>>map(kept -> new RecordingAttentionTap<>(kernels, layer, kept))
        .orElse(AttentionTap.none());
  }
}
