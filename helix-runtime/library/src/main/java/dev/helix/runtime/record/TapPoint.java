package dev.helix.runtime.record;

/**
 * A point of the program at which taps observe what it computes.
 *
 * @param layer index of the layer; {@link #OUTSIDE} for the embedding and the logits
 */
public record TapPoint(int layer, Quantity quantity) {
  public static final int OUTSIDE = -1;

  @Override
  public String toString() {
    return layer == OUTSIDE ? quantity.toString() : "layer " + layer + ", " + quantity;
  }
}
