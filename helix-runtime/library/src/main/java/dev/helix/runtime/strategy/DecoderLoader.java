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
import java.util.function.UnaryOperator;

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

  /** Loads all layers that the rank runs. */
  public Decoder<T> load() {
    return load(layers -> layers);
  }

  /**
   * Loads some of the layers.
   *
   * @param choice selects from the layers that the rank runs, in order
   */
  public Decoder<T> load(UnaryOperator<List<Integer>> choice) {
    List<DecoderLayer<T>> layers = new ArrayList<>();
    for (int index : choice.apply(parts.layers())) {
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
