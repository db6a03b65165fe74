package dev.helix.laws;

/** Where in a sharded decode a law holds, and a fault happens. */
public enum Seam {
  /** n partial results in, one result out. */
  MERGE
}
