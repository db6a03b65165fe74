package dev.helix.runtime.sharded;

/** The keys or the values of one rank's cache, as numbers that need only be read. */
@FunctionalInterface
public interface CacheVectors {
  /**
   * Reads the vector of one token and one KV head.
   *
   * @param row index of the token in the cache: page · page size + slot
   * @param into {@code [dim]}
   */
  void read(long row, int kvHead, double[] into);

  /**
   * Vectors of an array.
   *
   * @param numbers {@code [rows, kvHeads, dim]}
   */
  static CacheVectors of(double[] numbers, int kvHeads, int dim) {
    return (row, kvHead, into) ->
        System.arraycopy(
            numbers, Math.toIntExact((row * kvHeads + kvHead) * dim), into, 0, into.length);
  }
}
