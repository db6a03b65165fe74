package dev.helix.attention.trace;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionLaunch;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.trace.PendingLaunch;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.List;

/**
 * The attention kernels of the {@code trace} reading, in which tensors have shapes only. They
 * declare the FLOPs that the scalar kernels document.
 */
public final class TraceAttentionKernels implements AttentionKernels<TraceTensor> {
  private final TraceRank rank;

  public TraceAttentionKernels(TraceRank rank) {
    this.rank = rank;
  }

  /** {@inheritDoc} Declares six FLOPs for each pair of each query and key. */
  @Override
  public RotatedQkv<TraceTensor> rotaryQkv(
      TraceTensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    PendingLaunch launch = rank.launch(AttentionLaunch.ROTARY_QKV, qkv);
    qkv.spec().require("rotaryQkv", Axis.BATCH, Axis.QKV);
    int rows = qkv.spec().size(Axis.BATCH);
    int dim = shape.headDim();
    rank.requireEqual("rotaryQkv", "rows of the step", rows, step.size());
    rank.requireEqual("rotaryQkv", "size of qkv", shape.qkvRows(), qkv.spec().size(Axis.QKV));
    rank.requireEqual("rotaryQkv", "rotary pairs", dim / 2, rotary.pairs());
    DType dtype = qkv.spec().dtype();
    Spec queries = heads(dtype, rows, Axis.HEADS, shape.queryHeads(), dim);
    Spec keys = heads(dtype, rows, Axis.KV_HEADS, shape.kvHeads(), dim);
    long pairs = (dim / 2) * ((long) shape.queryHeads() + shape.kvHeads());
    List<TraceTensor> rotated =
        launch.reading(qkv).flops(6L * rows * pairs).writingAll(List.of(queries, keys, keys));
    return new RotatedQkv<>(rotated.get(0), rotated.get(1), rotated.get(2));
  }

  @Override
  public TraceTensor allocatePage(Spec spec) {
    spec.require("allocatePage", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    return rank.page(spec);
  }

  /** {@inheritDoc} Reads the rows that are kept, and writes them in the cache's number format. */
  @Override
  public void appendKv(TraceTensor keys, TraceTensor values, List<CacheSlot<TraceTensor>> slots) {
    PendingLaunch launch = rank.launch(AttentionLaunch.APPEND_KV, keys, values);
    keys.spec().require("appendKv keys", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    values.spec().require("appendKv values", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    CacheWrite write = CacheWrite.of(rank, "appendKv", keys.spec(), slots);
    launch
        .reading(write.rows())
        .reading(write.rows())
        .writingInPlace(CacheWrite.targets(slots), List.of(write.written(), write.written()));
  }

  /**
   * {@inheritDoc} Declares for each row with t &gt; 0 visible tokens, and each head with keys of
   * size d and values of size v, t(2d + 2v + 3) + 1 FLOPs, t more with a soft cap and 2t more with
   * ALiBi. The tokens that any row of a request sees are read once, for all heads and rows.
   */
  @Override
  public PartialAttention<TraceTensor> flashDecode(
      Piece piece,
      TraceTensor queries,
      List<KvView<TraceTensor>> views,
      ScoreRule rule,
      int valueDim) {
    PendingLaunch launch = rank.launch(AttentionLaunch.FLASH_DECODE, piece, queries);
    Spec spec = queries.spec().require("flashDecode", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    int dim = spec.size(Axis.HEAD_DIM);
    CacheReads reads = CacheReads.of(rank, "flashDecode", spec, rule, views, valueDim);
    for (Spec part : reads.parts()) {
      launch.reading(part).reading(part.resized(Axis.HEAD_DIM, valueDim));
    }
    return reads.finish(launch.reading(queries), spec, rule, dim, valueDim);
  }

  /**
   * {@inheritDoc} Declares 2nd + 3n + 1 FLOPs for each row and each head of size d with n &gt; 0
   * parts that have tokens. All parts are read.
   */
  @Override
  public TraceTensor mergeByLse(Piece piece, PartialAttention<TraceTensor> shards) {
    PendingLaunch launch =
        rank.launch(AttentionLaunch.MERGE_BY_LSE, piece, shards.output(), shards.lse());
    shards.requireStack("mergeByLse");
    Spec stack = shards.output().spec();
    List<Integer> parts = shards.lse().partsWithTokens();
    rank.requireEqual("mergeByLse", "rows", stack.size(Axis.BATCH), parts.size());
    long flops = 0;
    for (long n : parts) {
      flops += n == 0 ? 0 : 2 * n * stack.size(Axis.HEAD_DIM) + 3 * n + 1;
    }
    return launch
        .reading(shards.output())
        .reading(shards.lse())
        .flops(flops * stack.size(Axis.HEADS))
        .writing(new Spec(stack.dtype(), stack.dims().subList(1, stack.axisCount())));
  }

  private static Spec heads(DType dtype, int rows, Axis axis, int heads, int dim) {
    return Spec.of(
        dtype, new Dim(Axis.BATCH, rows), new Dim(axis, heads), new Dim(Axis.HEAD_DIM, dim));
  }
}
