package dev.helix.runtime.timing.schedule;

/** What the pieces cost into which HOP-B splits attention, exchange and merge of a layer. */
public enum Accounting {
  /** Each piece is a launch or an exchange like any other, with its own overhead and latency. */
  PER_PIECE("per-chunk"),
  /**
   * All pieces of an operation together cost what it costs whole: each has its share of one
   * overhead and one latency, as in the paper's Fig. 3.
   */
  IDEALISED("idealised");

  private final String option;

  Accounting(String option) {
    this.option = option;
  }

  /** As the command line and reports have it. */
  @Override
  public String toString() {
    return option;
  }
}
