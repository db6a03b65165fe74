package dev.helix.tensor.program;

/**
 * The number of one of the launches into which HOP-B splits an operation of the batch, request by
 * request (Helix Parallelism §2, Fig. 3). The program marks its pieces. Two launches of one kind
 * that nobody has marked are two operations, however alike they look.
 *
 * @param index position among the pieces of the operation, from 0
 * @param count number of pieces of the operation
 */
public record Piece(int index, int count) {
  /** The only piece of an operation that is not split. */
  public static final Piece WHOLE = new Piece(0, 1);

  public Piece {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException(
          "piece %d of %d: expected an index in [0, %d)".formatted(index, count, count));
    }
  }

  /** Whether the operation is launched in one piece. */
  public boolean isWhole() {
    return count == 1;
  }

  @Override
  public String toString() {
    return isWhole() ? "whole" : "piece " + index + " of " + count;
  }
}
