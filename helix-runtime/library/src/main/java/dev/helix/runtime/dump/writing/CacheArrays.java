package dev.helix.runtime.dump.writing;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Writes what a rank keeps of one layer in pages of one slot. Slots that no token was written to
 * hold NaN, as they do in the run.
 *
 * @param file takes the tensors
 * @param prefix of their names
 * @param kept what the rank keeps of each request
 * @param kvHeads number of KV heads of the rank
 */
record CacheArrays(RankFile file, String prefix, List<KeptTokens> kept, int kvHeads) {
  private static final List<DumpAxis> VECTORS =
      List.of(DumpAxis.PAGES, DumpAxis.SLOTS, DumpAxis.KV_HEADS, DumpAxis.HEAD_DIM);
  private static final List<DumpAxis> ENTRIES =
      List.of(DumpAxis.PAGES, DumpAxis.SLOTS, DumpAxis.KV_HEADS, DumpAxis.ENTRY_BYTES);

  /**
   * Writes numbers.
   *
   * @param dim number of components of a vector
   * @param vectors of a token, {@code [kvHeads, dim]}
   */
  void numbers(String name, DType format, int dim, Function<QueryToken, double[]> vectors) {
    List<List<QueryToken>> slots = KeptTokens.inSlots(kept);
    int size = kvHeads * dim;
    double[] all = new double[slots.size() * size];
    Arrays.fill(all, Double.NaN);
    for (int slot = 0; slot < slots.size(); slot++) {
      for (QueryToken token : slots.get(slot)) {
        System.arraycopy(vectors.apply(token), 0, all, slot * size, size);
      }
    }
    file.numbers(prefix + name, format, VECTORS, List.of(slots.size(), 1, kvHeads, dim), all);
  }

  /**
   * Writes what a quantised cache has stored.
   *
   * @param size number of bytes of a KV head of a token
   * @param codes these bytes
   */
  void codes(
      String name, ElementType type, int size, BiFunction<QueryToken, Integer, byte[]> codes) {
    List<List<QueryToken>> slots = KeptTokens.inSlots(kept);
    byte[] all = new byte[slots.size() * kvHeads * size];
    // These bits are a NaN of E4M3, and of the scales of all formats with blocks.
    Arrays.fill(all, (byte) 0xff);
    for (int slot = 0; slot < slots.size(); slot++) {
      for (QueryToken token : slots.get(slot)) {
        for (int head = 0; head < kvHeads; head++) {
          System.arraycopy(codes.apply(token, head), 0, all, (slot * kvHeads + head) * size, size);
        }
      }
    }
    boolean numbers = type != ElementType.U8;
    file.bytes(
        prefix + name,
        type,
        numbers ? VECTORS : ENTRIES,
        List.of(slots.size(), 1, kvHeads, size),
        all);
  }
}
