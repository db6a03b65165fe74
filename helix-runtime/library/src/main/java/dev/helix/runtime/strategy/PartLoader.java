package dev.helix.runtime.strategy;

import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.LayerParts;
import dev.helix.tensor.Tensor;
import java.util.List;

/** Makes the parts of the decoder on one rank, with the slices of the weights that they need. */
public interface PartLoader<T extends Tensor> {
  /** The layers that this rank runs, in order. */
  List<Integer> layers();

  /** Loads the embedding. */
  EmbeddingPart<T> embedding();

  /** Loads attention, with an empty cache, and FFN of one layer. */
  LayerParts<T> layer(int layer);

  /** Loads the head. */
  HeadPart<T> head();
}
