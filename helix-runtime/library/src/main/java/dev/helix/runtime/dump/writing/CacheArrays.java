package dev.helix.runtime.dump.writing;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.ElementType;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Writes the tokens that a rank keeps of one layer, request by request, as a cache without pages.
 *
 * @param file takes the tensors
 * @param prefix of their names
 * @param kept the tokens of each request, in the order of slots
 * @param kvHeads number of KV heads of the rank
 */
record CacheArrays(RankFile file, String prefix, List<List<QueryToken>> kept, int kvHeads) {
  private static final List<DumpAxis> VECTORS =
      List.of(DumpAxis.REQUESTS, DumpAxis.TOKENS, DumpAxis.KV_HEADS, DumpAxis.HEAD_DIM);
  private static final List<DumpAxis> ENTRIES =
      List.of(DumpAxis.REQUESTS, DumpAxis.TOKENS, DumpAxis.KV_HEADS, DumpAxis.ENTRY_BYTES);

  /**
   * Writes numbers.
   *
   * @param dim number of components of a vector
   * @param vectors of a token, {@code [kvHeads, dim]}
   */
  void numbers(String name, DType format, int dim, Function<QueryToken, double[]> vectors) {
    int capacity = capacity();
    double[] all = new double[kept.size() * capacity * kvHeads * dim];
    for (int request = 0; request < kept.size(); request++) {
      for (int slot = 0; slot < kept.get(request).size(); slot++) {
        int at = (request * capacity + slot) * kvHeads * dim;
        System.arraycopy(vectors.apply(kept.get(request).get(slot)), 0, all, at, kvHeads * dim);
      }
    }
    file.numbers(prefix + name, format, VECTORS, shape(dim), all);
  }

  /**
   * Writes what a quantised cache has stored.
   *
   * @param size number of bytes of a KV head of a token
   * @param codes these bytes
   */
  void codes(
      String name, ElementType type, int size, BiFunction<QueryToken, Integer, byte[]> codes) {
    int capacity = capacity();
    byte[] all = new byte[kept.size() * capacity * kvHeads * size];
    for (int request = 0; request < kept.size(); request++) {
      for (int slot = 0; slot < kept.get(request).size(); slot++) {
        for (int head = 0; head < kvHeads; head++) {
          int at = ((request * capacity + slot) * kvHeads + head) * size;
          System.arraycopy(codes.apply(kept.get(request).get(slot), head), 0, all, at, size);
        }
      }
    }
    boolean numbers = type != ElementType.U8;
    file.bytes(prefix + name, type, numbers ? VECTORS : ENTRIES, shape(size), all);
  }

  private List<Integer> shape(int last) {
    return List.of(kept.size(), capacity(), kvHeads, last);
  }

  private int capacity() {
    return kept.stream().mapToInt(List::size).max().orElseThrow();
  }
}
