package dev.helix.ffn.fp64;

import dev.helix.ffn.FfnKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;

/** The FFN kernels of the {@code fp64} reading, in double precision on ND4J. */
public final class Fp64FfnKernels implements FfnKernels<Fp64Tensor> {
  private final Fp64Rank rank;

  public Fp64FfnKernels(Fp64Rank rank) {
    this.rank = rank;
  }

  @Override
  public Fp64Tensor swiGlu(Fp64Tensor gateUp) {
    rank.launch("swiGlu", gateUp);
    Spec spec = gateUp.spec().require("swiGlu", Axis.BATCH, Axis.GATE_UP);
    int rows = spec.size(Axis.BATCH);
    int both = spec.size(Axis.GATE_UP);
    if (both % 2 != 0) {
      throw new IllegalArgumentException("swiGlu: gateUp must be even, got " + both);
    }
    int width = both / 2;
    Fp64Tensor activated =
        rank.allocate(Spec.of(spec.dtype(), Axis.BATCH, rows, Axis.INTERMEDIATE, width));
    for (int row = 0; row < rows; row++) {
      long from = (long) row * both;
      for (int i = 0; i < width; i++) {
        double gate = gateUp.region().get(from + i);
        double up = gateUp.region().get(from + width + i);
        activated.region().set((long) row * width + i, gate / (1 + Math.exp(-gate)) * up);
      }
    }
    return activated;
  }
}
