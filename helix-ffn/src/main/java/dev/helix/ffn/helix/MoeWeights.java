package dev.helix.ffn.helix;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * One rank's weights of a mixture of experts, without those of the shared expert.
 *
 * @param router {@code [experts, hidden]}: all E rows, or ⌈E/N⌉ with zeros behind the last expert
 * @param gateUps {@code [gateUp, hidden]} for each expert of the rank's group: the rows of its
 *     F/TPF gate columns, then those of its up columns
 * @param downs {@code [hidden, intermediate]} for each expert of the rank's group
 */
public record MoeWeights<T extends Tensor>(T router, List<T> gateUps, List<T> downs) {
  public MoeWeights {
    gateUps = List.copyOf(gateUps);
    downs = List.copyOf(downs);
    router.spec().require("router weight", Axis.EXPERTS, Axis.HIDDEN);
    gateUps.forEach(w -> w.spec().require("expert weights", Axis.GATE_UP, Axis.HIDDEN));
    downs.forEach(w -> w.spec().require("expert weights", Axis.HIDDEN, Axis.INTERMEDIATE));
    if (gateUps.size() != downs.size()) {
      throw new IllegalArgumentException(
          "expert weights: %d gate-ups and %d downs".formatted(gateUps.size(), downs.size()));
    }
  }
}
