package dev.helix.attention.cache;

import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore;

/** How one rank's cache of a layer stores the tokens that the rank owns. */
@FunctionalInterface
public interface KvStore {
  /** How the numbers of a token are stored. */
  TokenStore of(QueryToken token);
}
