package dev.helix.attention.cache;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvPage;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;

/**
 * What a cache keeps of each token.
 *
 * @param kvHeads KV heads of the tokens that are kept here
 * @param headDim components of each
 * @param dtype precision that the deployed cache is kept in
 * @param valuesInKeys whether a value is the first components of its key, so that one tensor is
 *     both
 */
public record PageForm(int kvHeads, int headDim, DType dtype, boolean valuesInKeys) {
  /** Keys and values as two tensors, for grouped-query attention. */
  public static PageForm keysAndValues(int kvHeads, int headDim, DType dtype) {
    return new PageForm(kvHeads, headDim, dtype, false);
  }

  /**
   * One entry of a token that is key and value, for latent attention.
   *
   * @param entryDim latent + rope
   */
  public static PageForm entries(int entryDim, DType dtype) {
    return new PageForm(1, entryDim, dtype, true);
  }

  /** A page of so many slots on the kernels' rank. */
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
