package dev.helix.tensor.program;

/**
 * The purpose of one piece of an operation, where HOP-B splits the batch by request; made by {@link
 * Phase#of}.
 */
record PhasePiece(Phase phase, Piece piece) implements Purpose {
  @Override
  public String toString() {
    return phase + ", " + piece;
  }
}
