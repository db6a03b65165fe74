package dev.helix.runtime.loading;

import dev.helix.tensor.DType;

/**
 * The number formats in which a model is deployed. Bytes are counted from them; no reading computes
 * in them.
 *
 * @param weights format of the matrices that tokens are multiplied with, experts and head included
 * @param kv format of the KV cache
 * @param activations format of everything between launches and on the wire. Weights of norms, the
 *     router and the embedding table have it too, because releases in 4 and 8 bits do not quantise
 *     them. Log-sum-exps are always FP32
 */
public record DeployedPrecision(DType weights, DType kv, DType activations) {
  /** FP4 weights and KV cache as in Helix Parallelism §3, with activations in BF16. */
  public static final DeployedPrecision FP4 =
      new DeployedPrecision(DType.FP4, DType.FP4, DType.BF16);

  /** One format for everything. */
  public static DeployedPrecision uniform(DType dtype) {
    return new DeployedPrecision(dtype, dtype, dtype);
  }
}
