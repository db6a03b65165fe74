package dev.helix.attention;

import dev.helix.tensor.Axis;
import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * The slot of the cache that takes the key and value of a new token.
 *
 * @param row the token's row in the step's batch
 * @param page the page of this rank that has the slot
 * @param slot index of the slot in its page
 */
public record CacheSlot<T extends Tensor>(int row, KvPage<T> page, int slot) {
  /**
   * Checks that this slot can take its row of a step.
   *
   * @param tensor the page's keys or its values, {@code [kvHeads, slots, headDim]}
   * @param step {@code [batch, kvHeads, headDim]}
   * @throws IllegalArgumentException naming the operation if the page belongs to another rank, if
   *     it has other heads, or if row or slot do not exist
   */
  public void requireFits(OperandChecks rank, String operation, T tensor, Spec step) {
    rank.requireOwn(operation, tensor);
    Spec spec = tensor.spec();
    spec.require(operation + " page", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    for (Axis axis : List.of(Axis.KV_HEADS, Axis.HEAD_DIM)) {
      rank.requireEqual(operation, axis + " of the page", step.size(axis), spec.size(axis));
    }
    if (row < 0 || row >= step.size(Axis.BATCH) || slot < 0 || slot >= spec.size(Axis.SLOTS)) {
      throw rank.error(operation, "row %d of %s to slot %d of %s".formatted(row, step, slot, spec));
    }
  }
}
