package dev.helix.attention.cache;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvPage;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;

/**
 * The form in which a cache keeps each token.
 *
 * @param kvHeads number of KV heads that are kept
 * @param headDim components of each head
 * @param dtype number format of the cache in the deployed model
 * @param valuesInKeys whether a value is the first components of its key, so that one tensor is
 *     both
 */
public record PageForm(int kvHeads, int headDim, DType dtype, boolean valuesInKeys) {
  /** The form for grouped-query attention, which keeps keys and values as two tensors. */
  public static PageForm keysAndValues(int kvHeads, int headDim, DType dtype) {
    return new PageForm(kvHeads, headDim, dtype, false);
  }

  /**
   * The form for latent attention, which keeps one entry for each token. The entry is both key and
   * value.
   *
   * @param entryDim latent + rope
   */
  public static PageForm entries(int entryDim, DType dtype) {
    return new PageForm(1, entryDim, dtype, true);
  }

  /** Allocates a page with {@code slots} slots on the kernels' rank. */
  <T extends Tensor> KvPage<T> allocate(AttentionKernels<T> kernels, int slots) {
    Spec spec =
        Spec.of(
            dtype,
            new Dim(Axis.KV_HEADS, kvHeads),
            new Dim(Axis.SLOTS, slots),
            new Dim(Axis.HEAD_DIM, headDim));
    T keys = kernels.allocatePage(spec);
    return new KvPage<>(keys, valuesInKeys ? keys : kernels.allocatePage(spec));
  }
}
