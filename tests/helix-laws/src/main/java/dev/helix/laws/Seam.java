package dev.helix.laws;

import java.util.Locale;

/** The parts of a sharded decode at which laws hold and faults happen. */
public enum Seam {
  /** n partial results in, one result out. */
  MERGE,
  /** Queries and a shard of the cache in, a partial result out. */
  ATTENTION,
  /** Placement takes the tokens of a request and gives the rank and the slot of each. */
  PLACEMENT,
  /** Steps of requests in, what each token sees on each rank out. */
  CACHE,
  /** A router's logits in, the experts of each token and their weights out. */
  ROUTING,
  /** The head takes hidden states and a vocabulary in shards, and gives logits and chosen words. */
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
