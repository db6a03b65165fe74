package dev.helix.runtime.timing.schedule;

/**
 * Says how costs are counted for the pieces into which HOP-B splits attention, exchange and merge
 * of a layer.
 */
public enum Accounting {
  /**
   * Each piece counts as a launch or an exchange like any other, with its own overhead and latency.
   */
  PER_PIECE("per-piece"),
  /**
   * All pieces of an operation together cost what the whole operation costs: each has its share of
   * one overhead and one latency, as in the paper's Fig. 3.
   */
  IDEALISED("idealised");

  private final String option;

  Accounting(String option) {
    this.option = option;
  }

  /** The name as the command line and reports write it. */
  @Override
  public String toString() {
    return option;
  }
}
