package dev.helix.attention.cache.quantized;

import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore.Part;
import dev.helix.tensor.formats.BlockFormat.Quantized;
import java.util.Optional;

/** Takes in what quantised caches of one layer store, or says what they have to store. */
public interface StoredTokens {
  /**
   * Takes in what was stored of a token and a head.
   *
   * @param kvHead the head, counted in the layer
   */
  void keep(QueryToken token, Part part, int kvHead, Quantized stored);

  /**
   * The bits that a token and a head must have, whatever their numbers are, so that a run can
   * follow another one. Empty if the numbers decide.
   *
   * @param kvHead the head, counted in the layer
   */
  default Optional<byte[]> given(QueryToken token, Part part, int kvHead) {
    return Optional.empty();
  }
}
