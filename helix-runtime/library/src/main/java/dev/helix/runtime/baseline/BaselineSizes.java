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
 * @param layers number of layers
 * @param attention the attention of every layer; its {@code hidden} is that of the model
 * @param ffn the FFNs of all layers
 * @param vocabulary the tokens that the model knows
 * @param normEpsilon ε of every norm outside of latent attention
 */
public record BaselineSizes(
    int layers, Attention attention, Ffn ffn, Vocabulary vocabulary, double normEpsilon) {
  public BaselineSizes {
    Sizes.requirePositive("layers", layers);
    requireEpsilon(normEpsilon);
  }

  private static void requireEpsilon(double epsilon) {
    if (!(epsilon >= 0)) {
      throw new InvalidInputException("norm epsilon must be >= 0, got " + epsilon);
    }
  }

  int hidden() {
    return attention.shape().hidden();
  }

  /**
   * The attention of every layer.
   *
   * @param shape the sizes of grouped-query attention; with latent attention only its hidden size
   *     is used
   * @param rope the rotary embedding
   * @param latent the latent attention, if the model has it
   * @param window how many tokens a token sees at most, itself included; empty if it sees all
   *     before it
   */
  public record Attention(
      AttentionShape shape, RopeParameters rope, Optional<Latent> latent, OptionalInt window) {
    /** Grouped-query attention in which a token sees all tokens before it. */
    public static Attention groupedQuery(AttentionShape shape, RopeParameters rope) {
      return new Attention(shape, rope, Optional.empty(), OptionalInt.empty());
    }
  }

  /**
   * The sizes and constants of latent attention.
   *
   * @param shape its sizes
   * @param normEpsilon ε of the norms of compressed queries and of latents
   */
  public record Latent(LatentShape shape, double normEpsilon) {
    public Latent {
      requireEpsilon(normEpsilon);
    }
  }

  /**
   * The feed-forward networks.
   *
   * @param intermediate F, the intermediate size of the dense FFNs
   * @param experts the mixture of experts, if the model has one
   */
  public record Ffn(int intermediate, Optional<BaselineExperts> experts) {
    public Ffn {
      Sizes.requirePositive("intermediate size", intermediate);
    }

    /** A dense network in every layer. */
    public static Ffn dense(int intermediate) {
      return new Ffn(intermediate, Optional.empty());
    }
  }

  /**
   * The tokens that the model knows.
   *
   * @param size number of rows of the embedding table and of the head
   * @param tiedEmbeddings whether the embedding table is also the head, and {@code lm_head.weight}
   *     does not exist
   */
  public record Vocabulary(int size, boolean tiedEmbeddings) {
    public Vocabulary {
      Sizes.requirePositive("vocabulary", size);
    }
  }
}
