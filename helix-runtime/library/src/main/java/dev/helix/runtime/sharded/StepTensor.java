package dev.helix.runtime.sharded;

import java.util.Locale;

/**
 * The small tensors that one rank may have dumped. T is the number of query tokens of the step, H
 * that of query heads, h = H/KVP that of heads after the exchange.
 */
public enum StepTensor {
  /** {@code [T, H, keyDim]}; rotated. */
  QUERY,
  /** {@code [requests]}: how many tokens of each request the rank says that it keeps. */
  LOCAL_LENGTHS,
  /** {@code [T, H, valueDim]}: the rank's attention over its own tokens. */
  PARTIAL_OUTPUT,
  /** {@code [T, H]}, in the convention's base. */
  PARTIAL_LSE,
  /** {@code [KVP, T, h, valueDim]}: what the rank received from each rank for its own heads. */
  RECEIVED_OUTPUT,
  /** {@code [KVP, T, h]}: the log-sum-exps of the same, in the convention's base. */
  RECEIVED_LSE,
  /** {@code [T, h, valueDim]}: the whole attention of the rank's own heads. */
  MERGED_OUTPUT,
  /** {@code [T, h]}, in the convention's base. */
  MERGED_LSE,
  /**
   * {@code [h · v, valueDim]}: in latent attention what makes the v components of a head's value of
   * its merged output, which is over latents.
   */
  VALUE_UP,
  /**
   * {@code [hidden, h · valueDim]}, or {@code [hidden, h · v]} behind {@link #VALUE_UP}: the rank's
   * columns of the output projection.
   */
  PROJECTION_WEIGHT,
  /** {@code [T, hidden]}: the sum over all ranks, as this rank has it. */
  PROJECTED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
