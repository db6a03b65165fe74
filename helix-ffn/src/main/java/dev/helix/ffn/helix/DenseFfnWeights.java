package dev.helix.ffn.helix;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;

/**
 * One rank's weights of a dense FFN.
 *
 * @param gateUp {@code [gateUp, hidden]}: the rows of this rank's F/TPF gate columns, then those of
 *     its up columns
 * @param down {@code [hidden, intermediate]}: the matching F/TPF columns
 */
public record DenseFfnWeights<T extends Tensor>(T gateUp, T down) {
  public DenseFfnWeights {
    gateUp.spec().require("FFN weights", Axis.GATE_UP, Axis.HIDDEN);
    down.spec().require("FFN weights", Axis.HIDDEN, Axis.INTERMEDIATE);
  }
}
