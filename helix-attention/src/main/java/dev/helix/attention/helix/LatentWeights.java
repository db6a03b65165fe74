package dev.helix.attention.helix;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import java.util.Optional;

/**
 * One rank's weights of a layer of latent attention. All but the last two are the same on every
 * rank, as TPA is 1.
 *
 * @param compression the compression of the query; empty where {@code query} reads the hidden state
 * @param query {@code [headsByDim, queryLatent]} or {@code [headsByDim, hidden]}: for each head the
 *     rows without position, then those with
 * @param entry {@code [latentEntry, hidden]}: the rows of the latent, then of the rotary key
 * @param latentNorm {@code [latent]}
 * @param keyUp {@code [heads, headDim, latent]}: all heads' key up-projections, headDim = nope
 * @param valueUp {@code [heads, headDim, latent]}: the value up-projections of the Q/N heads that
 *     the rank owns after the all-to-all
 * @param output {@code [hidden, headsByDim]}: the columns of the same heads
 */
public record LatentWeights<T extends Tensor>(
    Optional<QueryCompression<T>> compression,
    T query,
    T entry,
    T latentNorm,
    T keyUp,
    T valueUp,
    T output) {
  public LatentWeights {
    Axis queryInput = compression.isPresent() ? Axis.QUERY_LATENT : Axis.HIDDEN;
    query.spec().require("latent attention weights", Axis.HEADS_BY_DIM, queryInput);
    entry.spec().require("latent attention weights", Axis.LATENT_ENTRY, Axis.HIDDEN);
    latentNorm.spec().require("latent attention weights", Axis.LATENT);
    keyUp.spec().require("latent attention weights", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    valueUp.spec().require("latent attention weights", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    output.spec().require("latent attention weights", Axis.HIDDEN, Axis.HEADS_BY_DIM);
  }

  /**
   * The compression of the query (q-LoRA).
   *
   * @param down {@code [queryLatent, hidden]}
   * @param norm {@code [queryLatent]}
   */
  public record QueryCompression<T extends Tensor>(T down, T norm) {
    public QueryCompression {
      down.spec().require("query compression", Axis.QUERY_LATENT, Axis.HIDDEN);
      norm.spec().require("query compression", Axis.QUERY_LATENT);
    }
  }
}
