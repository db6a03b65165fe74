package dev.helix.runtime.checkpoint.weights;

/** A weight of two axes as files store it. Threads may read at the same time. */
public interface StoredMatrix {
  /** Name of the file that has the numbers, for messages. */
  String file();

  /** Whether the numbers are stored as they are, without scales. */
  boolean isPlain();

  /**
   * The numbers of some rows and columns, row-major, with all scales applied.
   *
   * @throws dev.helix.tensor.InvalidInputException naming file and tensor, if a scale is negative,
   *     infinite or NaN, or if the scale of a whole matrix is 0
   */
  double[] block(int rowFrom, int rowTo, int columnFrom, int columnTo);
}
