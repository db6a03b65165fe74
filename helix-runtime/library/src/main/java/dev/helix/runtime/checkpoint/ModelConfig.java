package dev.helix.runtime.checkpoint;

import dev.helix.attention.AttentionKind;
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
 * The sizes and constants of a decoder, as {@code config.json} states them.
 *
 * @param layers number of decoder layers
 * @param shape the sizes of a layer
 * @param positions how positions are encoded, and which of them a token sees
 * @param vocabulary the tokens that the model knows
 * @param arithmetic constants and number format of the computation
 */
public record ModelConfig(
    int layers,
    LayerShape shape,
    Positions positions,
    Vocabulary vocabulary,
    Arithmetic arithmetic) {

  /**
   * The sizes of the decoder's layers.
   *
   * @param attention grouped-query or latent attention, with its sizes
   * @param intermediateSize F, the intermediate size of the dense FFN
   * @param mixture the mixture of experts, if the model has one
   */
  public record LayerShape(
      AttentionKind attention, int intermediateSize, Optional<Mixture> mixture) {}

  /**
   * Positions in a sequence.
   *
   * @param rope the rotary embedding
   * @param most length of the longest sequence that the model was made for, in tokens
   * @param slidingWindow how many tokens a token sees at most, itself included; empty if it sees
   *     all before it
   */
  public record Positions(RopeParameters rope, int most, OptionalInt slidingWindow) {}

  /**
   * The tokens of a model.
   *
   * @param size number of rows of the embedding
   * @param tiedEmbeddings whether the output projection is the embedding
   * @param endTokens ids that end a text; may be empty
   * @param beginToken id that begins a text, if the model has one
   */
  public record Vocabulary(
      int size, boolean tiedEmbeddings, List<Integer> endTokens, OptionalInt beginToken) {
    public Vocabulary {
      endTokens = List.copyOf(endTokens);
    }
  }

  /**
   * Constants and number format of the model's computation.
   *
   * @param rmsNormEpsilon ε of every RMS normalisation except those that use {@code
   *     latentNormEpsilon}
   * @param latentNormEpsilon ε with which latent attention normalises compressed queries and
   *     latents; {@link LatentEpsilon} says why it may differ
   * @param activations number format of activations in the deployed model
   */
  public record Arithmetic(double rmsNormEpsilon, double latentNormEpsilon, DType activations) {}

  /** The kind of attention: {@link LayerShape#attention}. */
  public AttentionKind attentionKind() {
    return shape.attention();
  }

  /**
   * Hidden size, heads and head size. For latent attention they are those of its absorbed form,
   * which is multi-query attention.
   */
  public AttentionShape attention() {
    return attentionKind().asGroupedQuery();
  }

  /** The sizes of latent attention, if the model has it. */
  public Optional<LatentShape> latent() {
    return attentionKind().choose(shape -> Optional.empty(), Optional::of);
  }

  /** The intermediate size of the dense FFN: {@link LayerShape#intermediateSize}. */
  public int intermediateSize() {
    return shape.intermediateSize();
  }

  /** The mixture of experts, if the model has one: {@link LayerShape#mixture}. */
  public Optional<Mixture> mixture() {
    return shape.mixture();
  }

  /** The rotary embedding: {@link Positions#rope}. */
  public RopeParameters rope() {
    return positions.rope();
  }

  /** The length of the longest sequence, in tokens: {@link Positions#most}. */
  public int maxPositions() {
    return positions.most();
  }

  /** How many tokens a token sees at most: {@link Positions#slidingWindow}. */
  public OptionalInt slidingWindow() {
    return positions.slidingWindow();
  }

  /** The number of tokens that the model knows: {@link Vocabulary#size}. */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /** Whether the output projection is the embedding: {@link Vocabulary#tiedEmbeddings}. */
  public boolean tiedEmbeddings() {
    return vocabulary.tiedEmbeddings();
  }

  /** The ids that end a text: {@link Vocabulary#endTokens}. */
  public List<Integer> endTokens() {
    return vocabulary.endTokens();
  }

  /** The ε of RMS normalisation: {@link Arithmetic#rmsNormEpsilon}. */
  public double rmsNormEpsilon() {
    return arithmetic.rmsNormEpsilon();
  }

  /** The ε of the norms inside latent attention: {@link Arithmetic#latentNormEpsilon}. */
  public double latentNormEpsilon() {
    return arithmetic.latentNormEpsilon();
  }

  /** The number format of activations: {@link Arithmetic#activations}. */
  public DType activations() {
    return arithmetic.activations();
  }

  /** The mixture of experts of a layer; empty if the layer has a dense FFN. */
  public Optional<Mixture> mixture(int layer) {
    return mixture().filter(m -> layer >= m.denseLayers());
  }

  /** Number of elements that the KV cache keeps for each token, all layers together. */
  public long kvElementsPerToken() {
    long entry =
        latent()
            .map(entryShape -> (long) entryShape.entryDim())
            .orElse(2L * attention().kvHeads() * attention().headDim());
    return layers * entry;
  }

  /** The same model with {@code count} layers. */
  public ModelConfig withLayers(int count) {
    return new ModelConfig(count, shape, positions, vocabulary, arithmetic);
  }

  /** The same model with another ε for compressed queries and latents. */
  ModelConfig withLatentNormEpsilon(double epsilon) {
    Arithmetic other = new Arithmetic(rmsNormEpsilon(), epsilon, activations());
    return new ModelConfig(layers, shape, positions, vocabulary, other);
  }

  /** Whether any layer has a dense FFN. */
  public boolean hasDenseLayers() {
    return mixture().map(m -> m.denseLayers() > 0).orElse(true);
  }

  /**
   * Reads {@code config.json}.
   *
   * @throws InvalidInputException naming the file and the field, if the model is of another family,
   *     or if a field is missing, has the wrong type, or has a value that Helix does not compute
   */
  public static ModelConfig of(JsonObject json) {
    return ModelFamily.of(json).config(json);
  }
}
