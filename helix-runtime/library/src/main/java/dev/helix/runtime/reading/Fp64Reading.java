package dev.helix.runtime.reading;

import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.fp64.Fp64LatentKernels;
import dev.helix.ffn.fp64.Fp64FfnKernels;
import dev.helix.ffn.fp64.Fp64MoeKernels;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Fp64Wire;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@code fp64} reading, which computes in double precision on ND4J. */
public final class Fp64Reading implements Reading<Fp64Tensor> {
  private final Fp64Constants constants = new Fp64Constants();
  private final Set<Integer> ranks = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "fp64";
  }

  /**
   * The operations of one rank.
   *
   * @throws IllegalStateException if the rank has its operations already, because another run would
   *     get the weights of the first
   */
  @Override
  public RankOperations<Fp64Tensor> on(Communicator communicator) {
    if (!ranks.add(communicator.rank())) {
      throw new IllegalStateException(
          "rank %d has its operations already; a reading keeps the weights of one run"
              .formatted(communicator.rank()));
    }
    Fp64Rank rank = new Fp64Rank(communicator.scope());
    return new RankOperations<>(
        communicator.scope(),
        new Fp64Kernels(rank, constants),
        new Fp64AttentionKernels(rank),
        new Fp64FfnKernels(rank),
        new WireCollectives<>(communicator, new Fp64Wire(rank)),
        Optional.of(new Fp64LatentKernels(rank)),
        Optional.of(new Fp64MoeKernels(rank)));
  }
}
