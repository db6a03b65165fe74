package dev.helix.attention.cache;

import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore;

/** Says how one rank's cache of a layer stores the tokens that the rank owns. */
@FunctionalInterface
public interface KvStore {
  /** The store of one token's numbers. */
  TokenStore of(QueryToken token);
}
