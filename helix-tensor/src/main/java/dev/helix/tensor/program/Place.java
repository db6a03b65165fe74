package dev.helix.tensor.program;

/**
 * The part of the program that a rank has reached: a layer, or one of the parts outside of the
 * layers. The program announces each part that it enters; failures, traces and reports name it.
 * (Which rank keeps which token is something else: the placement.)
 */
public sealed interface Place permits Place.Layer, Place.LayerWeights, Place.Outside {
  /** The place inside a layer of a step. */
  static Place layer(int index) {
    return new Layer(index);
  }

  /** The place at which a layer's weights are loaded. */
  static Place weightsOfLayer(int index) {
    return new LayerWeights(index);
  }

  /** The parts that belong to no layer. */
  enum Outside implements Place {
    /** Before the program has entered any part. */
    START("start"),
    /** The token embedding, with which a step begins. */
    EMBEDDING("embedding"),
    /** The final norm and the projection to the vocabulary, with which a step ends. */
    HEAD("head"),
    /** The loading of the weights of embedding and head. */
    HEAD_WEIGHTS("weights of the head");

    private final String words;

    Outside(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * A layer of a step.
   *
   * @param index index of the layer, from 0
   */
  record Layer(int index) implements Place {
    public Layer {
      requireIndex(index);
    }

    @Override
    public String toString() {
      return "layer " + index;
    }
  }

  /**
   * The loading of a layer's weights, before the first step.
   *
   * @param index index of the layer, from 0
   */
  record LayerWeights(int index) implements Place {
    public LayerWeights {
      requireIndex(index);
    }

    @Override
    public String toString() {
      return "weights of layer " + index;
    }
  }

  private static void requireIndex(int layer) {
    if (layer < 0) {
      throw new IllegalArgumentException("layer " + layer + ": expected an index from 0 on");
    }
  }
}
