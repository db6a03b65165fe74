package dev.helix.tensor.trace;

/** The parts of a decode step that time is reported by, in the order of the program. */
public enum Phase {
  EMBEDDING("embedding"),
  QKV("QKV projection"),
  ATTENTION("attention"),
  ALL_TO_ALL("all-to-all"),
  MERGE("merge"),
  OUTPUT_PROJECTION("output projection"),
  ALL_REDUCE("all-reduce"),
  NORM("norms and residuals"),
  FFN("FFN"),
  DISPATCH("dispatch"),
  COMBINE("combine"),
  HEAD("head");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
