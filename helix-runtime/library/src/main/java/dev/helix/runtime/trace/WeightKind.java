package dev.helix.runtime.trace;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Place;

/** The kinds of weights that a model is deployed with, each of which has a number format. */
public enum WeightKind {
  /** The projections of attention. */
  ATTENTION("attention"),
  /** The matrices of dense FFNs. */
  FFN("dense FFNs"),
  /** The matrices of routed and shared experts. */
  EXPERTS("experts"),
  /** The embedding table and the head. */
  VOCABULARY("embedding and head"),
  /** The routers and the weights of norms, which are not quantised. */
  ROUTERS_AND_NORMS("routers and norms");

  private final String words;

  WeightKind(String words) {
    this.words = words;
  }

  /**
   * The kind of a weight.
   *
   * @param place the part of the program that it is for
   * @param experts whether the FFN of its layer consists of experts
   */
  static WeightKind of(Place place, Spec spec, boolean experts) {
    if (spec.axisCount() == 1 || spec.dims().get(0).axis() == Axis.EXPERTS) {
      return ROUTERS_AND_NORMS;
    }
    if (!(place instanceof Place.LayerWeights)) {
      return VOCABULARY;
    }
    if (spec.has(Axis.GATE_UP) || spec.has(Axis.INTERMEDIATE)) {
      return experts ? EXPERTS : FFN;
    }
    return ATTENTION;
  }

  @Override
  public String toString() {
    return words;
  }
}
