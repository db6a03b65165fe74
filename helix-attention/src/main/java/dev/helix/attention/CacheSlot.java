package dev.helix.attention;

import dev.helix.tensor.Axis;
import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The slot of the cache that takes the key and value of a new token.
 *
 * @param row the token's row in the step's batch
 * @param page the page of this rank that has the slot
 * @param slot index of the slot in its page
 * @param store how the token's numbers are stored; empty if they are kept as they are
 */
public record CacheSlot<T extends Tensor>(
    int row, KvPage<T> page, int slot, Optional<TokenStore> store) {
  /** A slot that keeps numbers as they are. */
  public CacheSlot(int row, KvPage<T> page, int slot) {
    this(row, page, slot, Optional.empty());
  }

  /**
   * Returns what readers of the cache get in place of the numbers of one head.
   *
   * @param kvHead the head, counted on the rank
   * @param numbers {@code [headDim]}
   */
  public double[] stored(TokenStore.Part part, int kvHead, double[] numbers) {
    return store.map(kept -> kept.stored(part, kvHead, numbers)).orElse(numbers);
  }

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
