package dev.helix.laws.museum;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.RankRole;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.faults.FfnFault;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.runtime.fault.FaultyReading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.fp64.Fp64Tensor;

/** The sharded decode with a fault in every rank. */
record FaultyDecode(Fault fault) implements DecodeUnderTest {
  @Override
  public RankOperations<Fp64Tensor> operations(Place place, RankOperations<Fp64Tensor> healthy) {
    return FaultyReading.faulty(fault, rank(place), healthy);
  }

  @Override
  public KvPlacement placement(Place place) {
    return fault instanceof AttentionFault ofAttention
        ? ofAttention.placement(rank(place), place.placement())
        : place.placement();
  }

  @Override
  public Collectives<Fp64Tensor> sharedExpertCollectives(
      Place place, RouterRule rule, Kernels<Fp64Tensor> kernels, Collectives<Fp64Tensor> healthy) {
    return fault instanceof FfnFault ofFfn
        ? ofFfn.sharedExpertCollectives(new RankNumbers<>(kernels), rule, healthy)
        : healthy;
  }

  @Override
  public ExpertRouter router(Place place, RouterRule rule, double[] bias) {
    return fault instanceof FfnFault ofFfn
        ? ofFfn.router(place.rank(), rule, bias)
        : DecodeUnderTest.super.router(place, rule, bias);
  }

  private static RankRole rank(Place place) {
    return new RankRole(place.rank(), place.kvpIndex(), place.groupRule().sinks());
  }
}
