package dev.helix.attention;

import dev.helix.attention.placement.KvPlacement;

/**
 * One rank's part of the KV cache of one layer, as the decode loop uses it: it opens and closes
 * requests. {@link SelfAttention} writes and reads the tokens.
 */
public interface KvCache {
  /**
   * Makes a request known before its first token.
   *
   * @param placement which shard keeps which token of the request
   * @param capacity how many tokens the request is expected to reach on all shards together. It is
   *     a hint for the size of pages, not a limit
   * @throws IllegalArgumentException if the request is open already
   */
  void open(int request, KvPlacement placement, int capacity);

  /**
   * Makes a request known, and takes its first tokens to be in the cache already, as if they had
   * been appended. This is for readings that compute no numbers; other readings find the slots of
   * these tokens unwritten. The request's whole share is one page.
   *
   * @param placement which shard keeps which token of the request
   * @param capacity how many tokens the request is expected to reach on all shards together
   * @param cached how many tokens it has already, at most {@code capacity}
   * @throws IllegalArgumentException if the request is open already, or {@code cached} is not
   *     between 0 and the capacity
   */
  void openFilled(int request, KvPlacement placement, int capacity, int cached);

  /**
   * Forgets a request's last tokens, such as drafts that a verification has rejected: the next step
   * goes on behind those that stay. Every rank makes the call, whether or not it keeps any of them.
   *
   * @param tokens how many stay, on all shards together: the request's first
   * @throws IllegalArgumentException if the request is not open or has fewer tokens
   */
  void truncate(int request, int tokens);

  /**
   * Forgets a finished request and its pages.
   *
   * @throws IllegalArgumentException if the request is not open
   */
  void close(int request);
}
