package dev.helix.attention;

import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Dim;
import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;

/**
 * The projections of a step in latent attention, before the norm and the rotary embedding.
 *
 * @param queries {@code [batch, headsByDim]}: for each head nope components, then rope components
 * @param absorbed {@code [batch, heads, latent]}: what {@link LatentKernels#absorbQueries} made of
 *     the queries
 * @param entries {@code [batch, latentEntry]}: latent, then rotary key
 * @param norm {@code [latent]}: the weight of the norm of the latents
 * @param epsilon ε of that norm
 */
public record ProjectedLatent<T extends Tensor>(
    T queries, T absorbed, T entries, T norm, double epsilon) {
  /**
   * Checks that the operands have the sizes of a layer and as many rows as the step.
   *
   * @param rank the checks of the rank that rotates them
   * @param rows number of rows of the step
   * @throws IllegalArgumentException naming the rank and both sizes where they differ
   */
  public void requireFit(OperandChecks rank, LatentShape shape, RotaryEmbedding rotary, int rows) {
    queries.spec().require("rotaryLatent queries", Axis.BATCH, Axis.HEADS_BY_DIM);
    absorbed.spec().require("rotaryLatent absorbed", Axis.BATCH, Axis.HEADS, Axis.LATENT);
    entries.spec().require("rotaryLatent entries", Axis.BATCH, Axis.LATENT_ENTRY);
    norm.spec().require("rotaryLatent norm", Axis.LATENT);
    requireEqual(rank, "rows of the queries", rows, queries.spec().size(Axis.BATCH));
    requireEqual(rank, "rows of the absorbed queries", rows, absorbed.spec().size(Axis.BATCH));
    requireEqual(rank, "rows of the entries", rows, entries.spec().size(Axis.BATCH));
    requireEqual(rank, "queries", shape.heads() * shape.queryDim(), queries.spec().stride(1));
    requireEqual(rank, "absorbed", shape.heads() * shape.latent(), absorbed.spec().stride(1));
    requireEqual(rank, "entries", shape.entryDim(), entries.spec().stride(1));
    requireEqual(rank, "norm", shape.latent(), norm.spec().stride(0));
    requireEqual(rank, "rotary pairs", shape.ropeDim() / 2, rotary.pairs());
  }

  private static void requireEqual(OperandChecks rank, String what, int expected, int actual) {
    rank.requireEqual("rotaryLatent", what, expected, actual);
  }

  /**
   * Checks the operands of {@link LatentKernels#absorbQueries}.
   *
   * @param rank the checks of the rank that absorbs them
   * @return the spec of its result
   * @throws IllegalArgumentException if the heads of {@code keyUp} do not divide the queries
   */
  public static Spec absorbed(OperandChecks rank, Spec queries, Spec keyUp) {
    queries.require("absorbQueries", Axis.BATCH, Axis.HEADS_BY_DIM);
    keyUp.require("absorbQueries weight", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    int heads = keyUp.size(Axis.HEADS);
    int width = queries.size(Axis.HEADS_BY_DIM);
    rank.requireEqual(
        "absorbQueries", "remainder of the queries divided by the heads", 0, width % heads);
    return Spec.of(
        queries.dtype(),
        queries.dims().get(0),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.LATENT, keyUp.size(Axis.LATENT)));
  }

  /** The spec of {@link RotatedLatent#queries()}. */
  public Spec rotatedQueries(LatentShape shape) {
    return Spec.of(
        queries.spec().dtype(),
        queries.spec().dims().get(0),
        new Dim(Axis.HEADS, shape.heads()),
        new Dim(Axis.HEAD_DIM, shape.entryDim()));
  }

  /** The spec of {@link RotatedLatent#entries()}. */
  public Spec rotatedEntries(LatentShape shape) {
    return Spec.of(
        entries.spec().dtype(),
        entries.spec().dims().get(0),
        new Dim(Axis.KV_HEADS, 1),
        new Dim(Axis.HEAD_DIM, shape.entryDim()));
  }
}
