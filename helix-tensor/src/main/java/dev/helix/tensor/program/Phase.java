package dev.helix.tensor.program;

/** The parts of a decode step for which time is reported, in the order of the program. */
public enum Phase implements Purpose {
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
  PIPELINE("pipeline"),
  HEAD("head");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  @Override
  public Phase phase() {
    return this;
  }

  /**
   * Returns {@link Piece#WHOLE}, because a phase alone is the purpose of an operation that is not
   * split.
   */
  @Override
  public Piece piece() {
    return Piece.WHOLE;
  }

  /** The purpose of one of the launches into which HOP-B splits an operation of this phase. */
  public Purpose of(Piece piece) {
    return piece.isWhole() ? this : new PhasePiece(this, piece);
  }

  @Override
  public String toString() {
    return words;
  }
}
