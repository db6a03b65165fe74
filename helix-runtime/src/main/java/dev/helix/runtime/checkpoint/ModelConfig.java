package dev.helix.runtime.checkpoint;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.List;
import java.util.OptionalInt;

/**
 * The sizes and constants of a decoder with grouped-query attention and a dense SwiGLU FFN: what
 * {@code config.json} of the Llama family says.
 *
 * @param attention hidden size, heads and head size
 * @param layers number of decoder layers
 * @param intermediateSize F, the inner size of the FFN
 * @param vocabularySize rows of the embedding
 * @param maxPositions longest sequence that the model was made for, in tokens
 * @param rmsNormEpsilon ε of every RMS normalisation
 * @param tiedEmbeddings whether the output projection is the embedding
 * @param endTokens ids that end a text; may be empty
 * @param beginToken id that begins a text, if the model has one
 * @param activations precision in which the model is deployed
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
    DType activations) {
  public ModelConfig {
    endTokens = List.copyOf(endTokens);
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
