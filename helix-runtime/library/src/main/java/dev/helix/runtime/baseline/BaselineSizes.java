package dev.helix.runtime.baseline;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The sizes and constants of a decoder.
 *
 * @param attention of every layer; its {@code hidden} is that of the model
 * @param layers number of layers
 * @param intermediate F
 * @param vocabulary rows of the embedding table and of the head
 * @param normEpsilon ε of every norm
 * @param tiedEmbeddings whether the embedding table is also the head, and {@code lm_head.weight}
 *     does not exist
 * @param latent latent attention, if the model has that; then {@code attention} counts for its
 *     hidden size alone
 * @param experts the mixture of experts, if the model has one
 * @param window tokens that a token sees at most, itself included, if not all before it
 */
public record BaselineSizes(
    AttentionShape attention,
    RopeParameters rope,
    int layers,
    int intermediate,
    int vocabulary,
    double normEpsilon,
    boolean tiedEmbeddings,
    Optional<LatentShape> latent,
    Optional<BaselineExperts> experts,
    OptionalInt window) {
  /** A dense decoder of the Llama family. */
  public BaselineSizes(
      AttentionShape attention,
      RopeParameters rope,
      int layers,
      int intermediate,
      int vocabulary,
      double normEpsilon,
      boolean tiedEmbeddings) {
    this(
        attention,
        rope,
        layers,
        intermediate,
        vocabulary,
        normEpsilon,
        tiedEmbeddings,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  public BaselineSizes {
    Sizes.requirePositive("layers", layers);
    Sizes.requirePositive("intermediate size", intermediate);
    Sizes.requirePositive("vocabulary", vocabulary);
    if (!(normEpsilon >= 0)) {
      throw new InvalidInputException("norm epsilon must be >= 0, got " + normEpsilon);
    }
  }

  int hidden() {
    return attention.hidden();
  }
}
