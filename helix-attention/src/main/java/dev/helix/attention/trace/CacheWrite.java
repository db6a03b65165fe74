package dev.helix.attention.trace;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a step that one launch writes into pages of the cache.
 *
 * @param rows the spec of what is read
 * @param written the same spec in the pages' number format
 */
record CacheWrite(Spec rows, Spec written) {
  /**
   * Collects the rows of one launch.
   *
   * @param step {@code [batch, kvHeads, headDim]}, of which the rows named by {@code slots} are
   *     kept
   */
  static CacheWrite of(
      TraceRank rank, String operation, Spec step, List<CacheSlot<TraceTensor>> slots) {
    DType kept = step.dtype();
    for (CacheSlot<TraceTensor> slot : slots) {
      slot.requireFits(rank, operation, slot.page().keys(), step);
      kept = slot.page().keys().spec().dtype();
    }
    Spec rows = step.resized(Axis.BATCH, slots.size());
    return new CacheWrite(rows, new Spec(kept, rows.dims()));
  }

  /** The tensors of the pages that are written, each of them once. */
  static List<TraceTensor> targets(List<CacheSlot<TraceTensor>> slots) {
    List<TraceTensor> targets = new ArrayList<>();
    for (CacheSlot<TraceTensor> slot : slots) {
      KvPage<TraceTensor> page = slot.page();
      targets.add(page.keys());
      if (page.values() != page.keys()) {
        targets.add(page.values());
      }
    }
    return targets;
  }
}
