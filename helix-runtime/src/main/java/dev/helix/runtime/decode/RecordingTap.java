package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Keeps what a rank computes: a fold of it on every rank, the numbers on one. */
final class RecordingTap<T extends Tensor> implements StepTap<T> {
  private final Kernels<T> kernels;
  private final RankAgreement agreement;
  private final Optional<RunRecord> record;

  RecordingTap(Kernels<T> kernels, RankAgreement agreement, Optional<RunRecord> record) {
    this.kernels = kernels;
    this.agreement = agreement;
    this.record = record;
  }

  @Override
  public T see(Place place, List<QueryToken> step, T tensor) {
    keep(place, step, kernels.toHost(tensor));
    return tensor;
  }

  @Override
  public void seeRouting(Place place, List<QueryToken> step, Routing routing) {
    keep(place, step, RecordedRouting.numbers(routing));
  }

  private void keep(Place place, List<QueryToken> step, double[] values) {
    agreement.keep(place, step, values);
    record.ifPresent(kept -> kept.keep(place, step, values));
  }
}
