package dev.helix.ffn.exact;

import dev.helix.ffn.FfnKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;

/**
 * The FFN kernels of the {@code exact} reading. Every layout gives the same bits, because each
 * column is computed by itself, with {@link StrictMath}.
 */
public final class ExactFfnKernels implements FfnKernels<ExactTensor> {
  private final ExactRank rank;

  public ExactFfnKernels(ExactRank rank) {
    this.rank = rank;
  }

  @Override
  public ExactTensor swiGlu(ExactTensor gateUp) {
    rank.launch("swiGlu", gateUp);
    Spec spec = gateUp.spec().require("swiGlu", Axis.BATCH, Axis.GATE_UP);
    int rows = spec.size(Axis.BATCH);
    int both = spec.size(Axis.GATE_UP);
    if (both % 2 != 0) {
      throw rank.error("swiGlu", "gateUp must be even, got " + both);
    }
    int width = both / 2;
    double[] from = gateUp.values("swiGlu");
    double[] activated = new double[rows * width];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        double gate = from[row * both + i];
        double up = from[row * both + width + i];
        activated[row * width + i] = silu(gate) * up;
      }
    }
    Spec result = Spec.of(spec.dtype(), Axis.BATCH, rows, Axis.INTERMEDIATE, width);
    return rank.computed("swiGlu", result, activated);
  }

  /**
   * The function silu(g) = g / (1 + exp(−g)), computed for negative g as g·exp(g) / (1 + exp(g)).
   * So the exponential never overflows, and each step errs by a few ulps.
   */
  static double silu(double gate) {
    if (gate >= 0) {
      return gate / (1 + StrictMath.exp(-gate));
    }
    double exponential = StrictMath.exp(gate);
    return gate * exponential / (1 + exponential);
  }
}
