package dev.helix.ffn.scalar;

import dev.helix.ffn.FfnKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;

/**
 * The FFN kernels by their formulas, in any arithmetic.
 *
 * @param <S> a number
 */
public final class ScalarFfnKernels<S> implements FfnKernels<ScalarTensor<S>> {
  private final ScalarRank<S> rank;
  private final Arithmetic<S> arithmetic;

  public ScalarFfnKernels(ScalarRank<S> rank) {
    this.rank = rank;
    this.arithmetic = rank.arithmetic();
  }

  /**
   * {@inheritDoc} It takes an exponential, an addition, a division and a multiplication for each
   * element.
   */
  @Override
  public ScalarTensor<S> swiGlu(ScalarTensor<S> gateUp) {
    rank.launch("swiGlu", gateUp);
    Spec spec = gateUp.spec().require("swiGlu", Axis.BATCH, Axis.GATE_UP);
    int rows = spec.size(Axis.BATCH);
    int both = spec.size(Axis.GATE_UP);
    if (both % 2 != 0) {
      throw rank.error("swiGlu", "expected as many gates as ups, got gateUp=" + both);
    }
    int width = both / 2;
    ScalarTensor<S> activated =
        rank.allocate(Spec.of(spec.dtype(), Axis.BATCH, rows, Axis.INTERMEDIATE, width));
    S one = arithmetic.of(1);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        S gate = gateUp.get(row * both + i);
        S up = gateUp.get(row * both + width + i);
        S denominator = arithmetic.add(one, arithmetic.exp(arithmetic.negate(gate)));
        S silu = arithmetic.divide(gate, denominator);
        activated.set(row * width + i, arithmetic.multiply(silu, up));
      }
    }
    return activated;
  }
}
