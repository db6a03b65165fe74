package dev.helix.runtime.timing.schedule;

import java.util.Locale;

/** What the pieces cost into which HOP-B splits attention, exchange and merge of a layer. */
public enum Accounting {
  /** Each piece is a launch or an exchange like any other, with its own overhead and latency. */
  PER_CHUNK,
  /**
   * All pieces of an operation together cost what it costs whole: each has its share of one
   * overhead and one latency, as in the paper's Fig. 3.
   */
  IDEALISED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
