package dev.helix.runtime.checkpoint;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The sizes and constants of a decoder: what {@code config.json} says.
 *
 * @param attention hidden size, heads and head size; of latent attention its absorbed form, which
 *     is multi-query attention
 * @param layers number of decoder layers
 * @param intermediateSize F, the inner size of the FFN
 * @param vocabularySize rows of the embedding
 * @param maxPositions longest sequence that the model was made for, in tokens
 * @param rmsNormEpsilon ε of every RMS normalisation
 * @param tiedEmbeddings whether the output projection is the embedding
 * @param endTokens ids that end a text; may be empty
 * @param beginToken id that begins a text, if the model has one
 * @param activations precision in which the model is deployed
 * @param latent latent attention, if the model has that
 * @param mixture the mixture of experts, if the model has one
 * @param slidingWindow tokens that a token sees at most, itself included, if not all before it
 */
public record ModelConfig(
    AttentionShape attention,
    int layers,
    int intermediateSize,
    int vocabularySize,
    int maxPositions,
    RopeParameters rope,
    double rmsNormEpsilon,
    boolean tiedEmbeddings,
    List<Integer> endTokens,
    OptionalInt beginToken,
    DType activations,
    Optional<LatentShape> latent,
    Optional<Mixture> mixture,
    OptionalInt slidingWindow) {
  public ModelConfig {
    endTokens = List.copyOf(endTokens);
  }

  /** A decoder in which a token sees all before it. */
  public ModelConfig(
      AttentionShape attention,
      int layers,
      int intermediateSize,
      int vocabularySize,
      int maxPositions,
      RopeParameters rope,
      double rmsNormEpsilon,
      boolean tiedEmbeddings,
      List<Integer> endTokens,
      OptionalInt beginToken,
      DType activations,
      Optional<LatentShape> latent,
      Optional<Mixture> mixture) {
    this(
        attention,
        layers,
        intermediateSize,
        vocabularySize,
        maxPositions,
        rope,
        rmsNormEpsilon,
        tiedEmbeddings,
        endTokens,
        beginToken,
        activations,
        latent,
        mixture,
        OptionalInt.empty());
  }

  /** A decoder with grouped-query attention and dense FFNs. */
  public ModelConfig(
      AttentionShape attention,
      int layers,
      int intermediateSize,
      int vocabularySize,
      int maxPositions,
      RopeParameters rope,
      double rmsNormEpsilon,
      boolean tiedEmbeddings,
      List<Integer> endTokens,
      OptionalInt beginToken,
      DType activations) {
    this(
        attention,
        layers,
        intermediateSize,
        vocabularySize,
        maxPositions,
        rope,
        rmsNormEpsilon,
        tiedEmbeddings,
        endTokens,
        beginToken,
        activations,
        Optional.empty(),
        Optional.empty());
  }

  /** The mixture of experts of a layer, if it has not a dense FFN. */
  public Optional<Mixture> mixture(int layer) {
    return mixture.filter(m -> layer >= m.denseLayers());
  }

  /** Elements that the KV cache keeps of a token, all layers together. */
  public long kvElementsPerToken() {
    long entry =
        latent
            .map(shape -> (long) shape.entryDim())
            .orElse(2L * attention.kvHeads() * attention.headDim());
    return layers * entry;
  }

  /** The same model with so many layers. */
  public ModelConfig withLayers(int count) {
    return new ModelConfig(
        attention,
        count,
        intermediateSize,
        vocabularySize,
        maxPositions,
        rope,
        rmsNormEpsilon,
        tiedEmbeddings,
        endTokens,
        beginToken,
        activations,
        latent,
        mixture);
  }

  /** Whether any layer has a dense FFN. */
  public boolean hasDenseLayers() {
    return mixture.map(m -> m.denseLayers() > 0).orElse(true);
  }

  /**
   * Reads {@code config.json}.
   *
   * @throws InvalidInputException naming the file and the field, if the model is of another family
   *     or a field is missing, mistyped or of a value that Helix does not compute
   */
  public static ModelConfig of(JsonObject json) {
    return ModelFamily.of(json).config(json);
  }
}
