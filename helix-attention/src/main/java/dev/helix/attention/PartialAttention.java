package dev.helix.attention;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;

/**
 * The partial state that attention over a part of the tokens gives: a partial output, and the
 * weight with which it goes into the merge with the other parts.
 *
 * <p>In floating-point readings {@code output} is normalised over the part (O = Σ pⱼ·vⱼ / Σ pⱼ) and
 * {@code lse} is the natural log-sum-exp of the part's scaled scores. A part without tokens is (0,
 * −∞). The {@code exact} reading carries its unrounded state in the same shapes: Σ pⱼ·vⱼ as the
 * output, and Σ pⱼ in place of the log-sum-exp.
 *
 * @param output {@code [batch, heads, headDim]}, or {@code [shards, batch, heads, headDim]} after
 *     the all-to-all
 * @param lse {@code [batch, heads]}, or {@code [shards, batch, heads]}
 */
public record PartialAttention<T extends Tensor>(T output, T lse) {
  /** Checks that output and log-sum-exp are those of a single part. */
  public PartialAttention<T> requirePart(String operation) {
    output.spec().require(operation, Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    lse.spec().require(operation, Axis.BATCH, Axis.HEADS);
    return requireSameSizes(operation, Axis.BATCH, Axis.HEADS);
  }

  /** Checks that output and log-sum-exp are stacks of parts. */
  public PartialAttention<T> requireStack(String operation) {
    output.spec().require(operation, Axis.SHARDS, Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    lse.spec().require(operation, Axis.SHARDS, Axis.BATCH, Axis.HEADS);
    return requireSameSizes(operation, Axis.SHARDS, Axis.BATCH, Axis.HEADS);
  }

  private PartialAttention<T> requireSameSizes(String operation, Axis... axes) {
    for (Axis axis : axes) {
      if (output.spec().size(axis) != lse.spec().size(axis)) {
        throw new IllegalArgumentException(
            "%s: output %s and lse %s differ along %s"
                .formatted(operation, output.spec(), lse.spec(), axis));
      }
    }
    return this;
  }
}
