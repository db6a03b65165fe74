package dev.helix.runtime.loading;

import dev.helix.tensor.DType;

/**
 * The precisions in which a model is deployed, from which bytes are counted; no reading computes
 * with them.
 *
 * @param weights of the matrices that tokens are multiplied by, experts and head included
 * @param kv of the KV cache
 * @param activations of everything between launches and on the wire; also of the norms' weights, of
 *     the router and of the embedding table, which releases in 4 and 8 bits leave as they are.
 *     Log-sum-exps are FP32 whatever this is
 */
public record DeployedPrecision(DType weights, DType kv, DType activations) {
  /** FP4 weights and KV cache as in Helix Parallelism §3, with activations in BF16. */
  public static final DeployedPrecision FP4 =
      new DeployedPrecision(DType.FP4, DType.FP4, DType.BF16);

  /** Everything in one precision. */
  public static DeployedPrecision uniform(DType dtype) {
    return new DeployedPrecision(dtype, dtype, dtype);
  }
}
