package dev.helix.laws;

import java.util.Locale;

/** Where in a sharded decode a law holds, and a fault happens. */
public enum Seam {
  /** n partial results in, one result out. */
  MERGE,
  /** Queries and a shard of the cache in, a partial result out. */
  ATTENTION,
  /** A request's tokens in, the rank and the slot of each out. */
  PLACEMENT,
  /** Steps of requests in, what each token sees on each rank out. */
  CACHE,
  /** A router's logits in, the experts of each token and their weights out. */
  ROUTING,
  /** Hidden states and a vocabulary in shards in, logits and chosen words out. */
  HEAD,
  /** The decode program on ranks, against the unsharded baseline. */
  DECODE,
  /** The decode of a whole model under any strategy, against the unsharded baseline. */
  STRATEGY;

  /** The name on the command line, {@code placement}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
