package dev.helix.tensor.program;

/** The purpose of one piece of an operation that HOP-B splits; {@link Phase#of} makes it. */
record PhasePiece(Phase phase, Piece piece) implements Purpose {
  @Override
  public String toString() {
    return phase + ", " + piece;
  }
}
