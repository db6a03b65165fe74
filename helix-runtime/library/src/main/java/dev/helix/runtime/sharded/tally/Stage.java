package dev.helix.runtime.sharded.tally;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The stages of a sharded attention, each of which is judged by itself. */
public enum Stage {
  /** Local lengths and page tables against the placement. */
  OWNERSHIP("ownership"),
  /** Output and log-sum-exp of each rank from its own query, keys and values. */
  PARTIAL("partial attention"),
  /** What each rank received against what the others sent, bit by bit. */
  EXCHANGE("exchange"),
  /** The merged output from the dumped partial states. */
  MERGE("merge"),
  /** The merged output against attention over all tokens of all ranks. */
  WHOLE("whole"),
  /** The output projection, summed over ranks. */
  PROJECTION("output projection");

  private final String words;

  Stage(String words) {
    this.words = words;
  }

  /** The name that an option gives a stage: one word. */
  public String option() {
    return this == PARTIAL ? "partial" : this == PROJECTION ? "projection" : words;
  }

  /** The names that options give stages, for messages. */
  public static String options() {
    return Arrays.stream(values()).map(Stage::option).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return words;
  }
}
