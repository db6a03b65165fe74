package dev.helix.attention.trace;

import dev.helix.attention.AttentionLaunch;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.trace.PendingLaunch;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.List;

/**
 * The kernels of latent attention of the {@code trace} reading, in which tensors have shapes only.
 * They declare the FLOPs that the scalar kernels document.
 */
public final class TraceLatentKernels implements LatentKernels<TraceTensor> {
  private final TraceRank rank;

  public TraceLatentKernels(TraceRank rank) {
    this.rank = rank;
  }

  /**
   * {@inheritDoc} Declares 2·nope·latent FLOPs for each row and head. Reads the part of the queries
   * that has no position.
   */
  @Override
  public TraceTensor absorbQueries(TraceTensor queries, TraceTensor keyUp) {
    PendingLaunch launch = rank.launch(AttentionLaunch.ABSORB_QUERIES, queries, keyUp);
    Spec result = ProjectedLatent.absorbed(rank, queries.spec(), keyUp.spec());
    int heads = keyUp.spec().size(Axis.HEADS);
    int rows = queries.spec().size(Axis.BATCH);
    return launch
        .reading(
            queries.spec().resized(Axis.HEADS_BY_DIM, heads * keyUp.spec().size(Axis.HEAD_DIM)))
        .reading(keyUp)
        .flops(Math.multiplyExact(2L * rows, keyUp.spec().elements()))
        .in(keyUp.spec().dtype())
        .writing(result);
  }

  /**
   * {@inheritDoc} Declares for each row 3·latent + 1 FLOPs for the norm, and 6 for each pair of
   * each head and of the key. Reads the rotary part of the queries.
   */
  @Override
  public RotatedLatent<TraceTensor> rotaryLatent(
      ProjectedLatent<TraceTensor> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    TraceTensor queries = projected.queries();
    TraceTensor absorbed = projected.absorbed();
    TraceTensor entries = projected.entries();
    PendingLaunch launch =
        rank.launch(AttentionLaunch.ROTARY_LATENT, queries, absorbed, entries, projected.norm());
    projected.requireFit(rank, shape, rotary, step.size());
    int rows = step.size();
    int heads = shape.heads();
    int latent = shape.latent();
    long perRow = 3L * latent + 1 + 3 * (heads + 1L) * shape.ropeDim();
    List<TraceTensor> rotated =
        launch
            .reading(queries.spec().resized(Axis.HEADS_BY_DIM, heads * shape.ropeDim()))
            .reading(absorbed)
            .reading(entries)
            .reading(projected.norm())
            .flops(rows * perRow)
            .writingAll(List.of(projected.rotatedQueries(shape), projected.rotatedEntries(shape)));
    return new RotatedLatent<>(rotated.get(0), rotated.get(1));
  }

  /** {@inheritDoc} Reads the rows that are kept, and writes them in the cache's number format. */
  @Override
  public void appendEntries(TraceTensor entries, List<CacheSlot<TraceTensor>> slots) {
    PendingLaunch launch = rank.launch(AttentionLaunch.APPEND_ENTRIES, entries);
    entries.spec().require("appendEntries", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    CacheWrite write = CacheWrite.of(rank, "appendEntries", entries.spec(), slots);
    launch
        .reading(write.rows())
        .writingInPlace(CacheWrite.targets(slots), List.of(write.written()));
  }

  /**
   * {@inheritDoc} Declares t(2d + 2v + 3) + 1 FLOPs for each row with t &gt; 0 visible tokens and
   * each head, for entries of size d whose first v components are the value. Entries are read once,
   * for all heads and as both keys and values.
   */
  @Override
  public PartialAttention<TraceTensor> flashDecodeLatent(
      Piece piece,
      TraceTensor queries,
      List<KvView<TraceTensor>> views,
      ScoreRule rule,
      int valueDim) {
    PendingLaunch launch = rank.launch(AttentionLaunch.FLASH_DECODE_LATENT, piece, queries);
    Spec spec = queries.spec().require("flashDecodeLatent", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    CacheReads reads = CacheReads.of(rank, "flashDecodeLatent", spec, rule, views, valueDim);
    reads.parts().forEach(launch::reading);
    return reads.finish(launch.reading(queries), spec, rule, spec.size(Axis.HEAD_DIM), valueDim);
  }

  /** {@inheritDoc} Declares 2·v·latent FLOPs for each row and head. */
  @Override
  public TraceTensor expandValues(TraceTensor latents, TraceTensor valueUp) {
    PendingLaunch launch = rank.launch(AttentionLaunch.EXPAND_VALUES, latents, valueUp);
    latents.spec().require("expandValues", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    valueUp.spec().require("expandValues weight", Axis.HEADS, Axis.HEAD_DIM, Axis.LATENT);
    int heads = latents.spec().size(Axis.HEADS);
    int latent = latents.spec().size(Axis.HEAD_DIM);
    rank.requireEqual("expandValues", "heads", heads, valueUp.spec().size(Axis.HEADS));
    rank.requireEqual("expandValues", "latent", latent, valueUp.spec().size(Axis.LATENT));
    long rows = latents.spec().size(Axis.BATCH);
    return launch
        .reading(latents)
        .reading(valueUp)
        .flops(Math.multiplyExact(2 * rows, valueUp.spec().elements()))
        .in(valueUp.spec().dtype())
        .writing(latents.spec().resized(Axis.HEAD_DIM, valueUp.spec().size(Axis.HEAD_DIM)));
  }
}
