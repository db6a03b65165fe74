package dev.helix.runtime.strategy;

import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.model.DecoderLayer;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.LayerNorms;
import dev.helix.runtime.record.StepTap;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Place;
import java.util.ArrayList;
import java.util.List;

/** Puts the decoder of one rank together from the parts that a strategy makes. */
public final class DecoderLoader<T extends Tensor> {
  private final RankLoading<T> loading;
  private final PartLoader<T> parts;
  private final StepTap<T> tap;
  private final Runnable progress;

  /**
   * Creates the loader of one rank.
   *
   * @param progress called for each layer when its weights have been loaded
   */
  public DecoderLoader(
      Strategy strategy, RankLoading<T> loading, StepTap<T> tap, Runnable progress) {
    this.loading = loading;
    this.parts = strategy.on(loading);
    this.tap = tap;
    this.progress = progress;
  }

  /** The layers that the rank runs, in order. */
  public List<Integer> layers() {
    return parts.layers();
  }

  /** Loads the decoder of all layers that the rank runs. */
  public Decoder<T> load() {
    return load(layers());
  }

  /**
   * Loads a decoder of some of the layers.
   *
   * @param indices some of the layers that the rank runs, in order
   */
  public Decoder<T> load(List<Integer> indices) {
    List<DecoderLayer<T>> layers = new ArrayList<>();
    for (int index : indices) {
      loading.operations().scope().enter(Place.weightsOfLayer(index));
      LayerNorms<T> norms =
          new LayerNorms<>(
              norm(LlamaNames.attentionNorm(index)),
              norm(LlamaNames.ffnNorm(index)),
              loading.model().rmsNormEpsilon());
      layers.add(new DecoderLayer<>(index, loading.operations(), norms, parts.layer(index), tap));
      progress.run();
    }
    loading.operations().scope().enter(Place.Outside.HEAD_WEIGHTS);
    EmbeddingPart<T> embedding = parts.embedding();
    return new Decoder<>(loading.operations(), embedding, layers, parts.head(), tap);
  }

  private T norm(String name) {
    ModelConfig model = loading.model();
    return loading.weights().vector(Axis.HIDDEN, model.attention().hidden(), name);
  }
}
