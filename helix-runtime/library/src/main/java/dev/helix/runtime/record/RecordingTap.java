package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Keeps what a rank computes: a fold of it on every rank, the numbers on one. */
public final class RecordingTap<T extends Tensor> implements StepTap<T> {
  private final Kernels<T> kernels;
  private final RankAgreement agreement;
  private final Optional<RunRecord> record;

  public RecordingTap(Kernels<T> kernels, RankAgreement agreement, Optional<RunRecord> record) {
    this.kernels = kernels;
    this.agreement = agreement;
    this.record = record;
  }

  @Override
  public T see(TapPoint place, List<QueryToken> step, T tensor) {
    keep(place, step, kernels.toHost(tensor));
    return tensor;
  }

  @Override
  public void seeRouting(TapPoint place, List<QueryToken> step, Routing routing) {
    keep(place, step, RecordedRouting.numbers(routing));
  }

  private void keep(TapPoint place, List<QueryToken> step, double[] values) {
    agreement.keep(place, step, values);
    record.ifPresent(kept -> kept.keep(place, step, values));
  }
}
