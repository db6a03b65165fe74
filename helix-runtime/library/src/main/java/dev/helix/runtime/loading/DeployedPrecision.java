package dev.helix.runtime.loading;

import dev.helix.runtime.checkpoint.weights.WeightFormat;
import dev.helix.tensor.DType;
import dev.helix.tensor.formats.CacheFormat;

/**
 * The number formats in which a model is deployed. Bytes are counted from them; no reading computes
 * in them. The time model adds the scales that blocks of narrow formats have.
 *
 * @param attention format of the projections of attention, and of the head
 * @param ffn format of the matrices of dense FFNs
 * @param experts format of the matrices of routed and shared experts
 * @param kv format of the KV cache
 * @param activations format of everything between launches and on the wire. Weights of norms, the
 *     router and the embedding table have it too, because releases in 4 and 8 bits do not quantise
 *     them. Log-sum-exps are always FP32
 */
public record DeployedPrecision(
    DType attention, DType ffn, DType experts, DType kv, DType activations) {
  /** FP4 weights and KV cache as in Helix Parallelism §3, with activations in BF16. */
  public static final DeployedPrecision FP4 =
      new DeployedPrecision(DType.FP4, DType.FP4, DType.BF16);

  /**
   * One format for all weights.
   *
   * @param weights format of the matrices that tokens are multiplied with, experts and head
   *     included
   */
  public DeployedPrecision(DType weights, DType kv, DType activations) {
    this(weights, weights, weights, kv, activations);
  }

  /** One format for everything. */
  public static DeployedPrecision uniform(DType dtype) {
    return new DeployedPrecision(dtype, dtype, dtype);
  }

  /**
   * The formats of a run: those of its cache and of its weights if it rounds them, and otherwise
   * that of the model's activations.
   */
  public static DeployedPrecision ofRun(
      DType activations, CacheFormat cache, WeightFormat weights) {
    DType projections =
        switch (weights) {
          case AS_STORED -> activations;
          case FP8, MXFP8 -> DType.FP8;
          case NVFP4, MXFP4 -> DType.FP4;
        };
    DType kv =
        switch (cache) {
          case FP64 -> activations;
          case BF16 -> DType.BF16;
          case FP8, FP8_DS_MLA, MXFP8 -> DType.FP8;
          case NVFP4, MXFP4 -> DType.FP4;
        };
    return new DeployedPrecision(projections, kv, activations);
  }
}
