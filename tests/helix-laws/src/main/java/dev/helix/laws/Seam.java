package dev.helix.laws;

/** Where in a sharded decode a law holds, and a fault happens. */
public enum Seam {
  /** n partial results in, one result out. */
  MERGE,
  /** Queries and a shard of the cache in, a partial result out. */
  ATTENTION,
  /** A request's tokens in, the rank and the slot of each out. */
  PLACEMENT,
  /** The decode program on ranks, against the unsharded baseline. */
  DECODE
}
