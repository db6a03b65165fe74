package dev.helix.attention;

import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;
import java.util.OptionalInt;

/**
 * The sizes of one layer of multi-head latent attention (MLA; DeepSeek-V2, arXiv 2405.04434, §2.1).
 *
 * @param hidden H, the size of the residual stream
 * @param heads Q, query heads
 * @param queryLatent q_lora_rank, the width of the compressed query; empty where queries are
 *     projected directly from the hidden state
 * @param latent kv_lora_rank, the width of the latent from which all heads' keys and values are
 *     made
 * @param nopeDim components of a query or key without position
 * @param ropeDim components with position, even; all heads share those of the key
 * @param valueDim components of a head's value
 * @param pairing which two of the ropeDim components rotate together
 */
public record LatentShape(
    int hidden,
    int heads,
    OptionalInt queryLatent,
    int latent,
    int nopeDim,
    int ropeDim,
    int valueDim,
    RotaryPairing pairing) {
  public LatentShape {
    Sizes.requirePositive("hidden size", hidden);
    Sizes.requirePositive("query heads", heads);
    queryLatent.ifPresent(rank -> Sizes.requirePositive("query latent", rank));
    Sizes.requirePositive("KV latent", latent);
    Sizes.requirePositive("head size without position", nopeDim);
    Sizes.requirePositive("rotary head size", ropeDim);
    Sizes.requirePositive("value head size", valueDim);
    if (ropeDim % 2 != 0) {
      throw new InvalidInputException(
          "rotary head size (%d) must be even for rotary embedding".formatted(ropeDim));
    }
    if (latent % 2 != 0) {
      throw new InvalidInputException("KV latent (%d) must be even".formatted(latent));
    }
  }

  /** The same layer with another number of query heads. */
  public LatentShape withHeads(int others) {
    return new LatentShape(
        hidden, others, queryLatent, latent, nopeDim, ropeDim, valueDim, pairing);
  }

  /** Number of components of a query head: those without position, then those with. */
  public int queryDim() {
    return nopeDim + ropeDim;
  }

  /** Number of components of a cache entry: those of the latent, then those of the rotary key. */
  public int entryDim() {
    return latent + ropeDim;
  }

  /** Number of rows that each head has in the up-projection of keys and values. */
  public int upRows() {
    return nopeDim + valueDim;
  }

  /**
   * The absorbed form as grouped-query attention: all query heads share one KV head, as wide as a
   * cache entry.
   */
  public AttentionShape absorbed() {
    return new AttentionShape(hidden, heads, 1, entryDim());
  }

  /** The factor on scores: 1/√(nope + rope), times YaRN's factor if the model has it. */
  public double scoreScale(RopeParameters rope) {
    return 1.0 / Math.sqrt(queryDim()) * RotaryEmbedding.scoreFactor(rope);
  }
}
