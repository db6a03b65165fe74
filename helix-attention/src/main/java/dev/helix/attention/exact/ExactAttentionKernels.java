package dev.helix.attention.exact;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.TokenStore;
import dev.helix.attention.merge.ExactMerge;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The attention kernels of the {@code exact} reading, whose results do not depend on the layout in
 * any bit. A partial attention is two exact sums, and the merge adds them and rounds their quotient
 * once.
 */
public final class ExactAttentionKernels implements AttentionKernels<ExactTensor> {
  private final ExactRank rank;

  public ExactAttentionKernels(ExactRank rank) {
    this.rank = rank;
  }

  @Override
  public RotatedQkv<ExactTensor> rotaryQkv(
      ExactTensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    rank.launch("rotaryQkv", qkv);
    qkv.spec().require("rotaryQkv", Axis.BATCH, Axis.QKV);
    int rows = qkv.spec().size(Axis.BATCH);
    int dim = shape.headDim();
    rank.requireEqual("rotaryQkv", "rows of the step", rows, step.size());
    rank.requireEqual("rotaryQkv", "size of qkv", shape.qkvRows(), qkv.spec().size(Axis.QKV));
    rank.requireEqual("rotaryQkv", "rotary pairs", dim / 2, rotary.pairs());
    double[] from = qkv.values("rotaryQkv");
    int queryWidth = shape.queryHeads() * dim;
    int kvWidth = shape.kvHeads() * dim;
    double[] queries = new double[rows * queryWidth];
    double[] keys = new double[rows * kvWidth];
    double[] values = new double[rows * kvWidth];
    for (int row = 0; row < rows; row++) {
      Turn turn = new Turn(rotary, RotaryPairing.HALF_SPLIT, step.get(row).position());
      int at = row * shape.qkvRows();
      for (int i = 0; i < queryWidth; i += dim) {
        turn.apply(from, at + i, queries, row * queryWidth + i);
      }
      for (int i = 0; i < kvWidth; i += dim) {
        turn.apply(from, at + queryWidth + i, keys, row * kvWidth + i);
      }
      System.arraycopy(from, at + queryWidth + kvWidth, values, row * kvWidth, kvWidth);
    }
    DType dtype = qkv.spec().dtype();
    Spec queryHeads = heads(dtype, rows, Axis.HEADS, shape.queryHeads(), dim);
    Spec kvHeads = heads(dtype, rows, Axis.KV_HEADS, shape.kvHeads(), dim);
    return new RotatedQkv<>(
        rank.computed("rotaryQkv", queryHeads, queries),
        rank.computed("rotaryQkv", kvHeads, keys),
        rank.tensor(kvHeads, values));
  }

  /**
   * {@inheritDoc} The page is filled with NaN, which no exact sum accepts. So reading behind what
   * was written is an error.
   */
  @Override
  public ExactTensor allocatePage(Spec spec) {
    spec.require("allocatePage", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    double[] page = new double[Math.toIntExact(spec.elements())];
    Arrays.fill(page, Double.NaN);
    return rank.tensor(spec, page);
  }

  @Override
  public void appendKv(ExactTensor keys, ExactTensor values, List<CacheSlot<ExactTensor>> slots) {
    rank.launch("appendKv", keys, values);
    keys.spec().require("appendKv keys", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    values.spec().require("appendKv values", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    for (CacheSlot<ExactTensor> slot : slots) {
      write(rank, "appendKv", TokenStore.Part.KEY, keys, slot);
      write(rank, "appendKv", TokenStore.Part.VALUE, values, slot);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @return the state before any division: output holds the exact Σ pⱼ·vⱼ, and lse the exact Σ pⱼ;
   *     without tokens both are 0
   * @throws dev.helix.tensor.exact.ExactRangeException if a score or a value is not finite, or a
   *     score is beyond ±2¹⁹
   */
  @Override
  public PartialAttention<ExactTensor> flashDecode(
      Piece piece,
      ExactTensor queries,
      List<KvView<ExactTensor>> views,
      ScoreRule rule,
      int valueDim) {
    rank.launch("flashDecode", queries);
    queries.spec().require("flashDecode", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    rank.requireEqual("flashDecode", "views", queries.spec().size(Axis.BATCH), views.size());
    return new ExactFlashDecode(rank, "flashDecode", queries, rule, valueDim).over(views);
  }

  /**
   * {@inheritDoc} The result is the quotient of two exact sums over the shards, rounded once: see
   * {@link ExactMerge}.
   */
  @Override
  public ExactTensor mergeByLse(Piece piece, PartialAttention<ExactTensor> shards) {
    rank.launch("mergeByLse", shards.output(), shards.lse());
    shards.requireStack("mergeByLse");
    Spec stack = shards.output().spec();
    Spec result = new Spec(stack.dtype(), stack.dims().subList(1, stack.axisCount()));
    int rows = stack.size(Axis.BATCH);
    int heads = stack.size(Axis.HEADS);
    int dim = stack.size(Axis.HEAD_DIM);
    double[] merged = new double[rows * heads * dim];
    for (int row = 0; row < rows; row++) {
      ExactMerge merge = new ExactMerge(everyNth(shards.lse().sums("mergeByLse"), row, rows));
      for (int head = 0; head < heads; head++) {
        int run = row * heads + head;
        List<ExactSums> values = everyNth(shards.output().sums("mergeByLse"), run, rows * heads);
        System.arraycopy(merge.merge(head, values), 0, merged, run * dim, dim);
      }
    }
    return rank.computed("mergeByLse", result, merged);
  }

  /** One run of each shard: those at {@code index}, {@code index + runs} and so on. */
  private static List<ExactSums> everyNth(List<ExactSums> stack, int index, int runs) {
    List<ExactSums> parts = new ArrayList<>(stack.size() / runs);
    for (int at = index; at < stack.size(); at += runs) {
      parts.add(stack.get(at));
    }
    return parts;
  }

  /**
   * Writes one row of {@code [batch, kvHeads, headDim]} into its slot of the page's keys or values,
   * as the slot stores it.
   */
  static void write(
      ExactRank rank,
      String operation,
      TokenStore.Part part,
      ExactTensor from,
      CacheSlot<ExactTensor> slot) {
    ExactTensor page = slot.page().holding(part);
    slot.requireFits(rank, operation, page, from.spec());
    int kvHeads = from.spec().size(Axis.KV_HEADS);
    int dim = from.spec().size(Axis.HEAD_DIM);
    int slots = page.spec().size(Axis.SLOTS);
    for (int head = 0; head < kvHeads; head++) {
      int source = (slot.row() * kvHeads + head) * dim;
      double[] numbers = Arrays.copyOfRange(from.values(operation), source, source + dim);
      System.arraycopy(
          slot.stored(part, head, numbers),
          0,
          page.values(operation),
          (head * slots + slot.slot()) * dim,
          dim);
    }
  }

  private static Spec heads(DType dtype, int rows, Axis axis, int heads, int dim) {
    return Spec.of(
        dtype, new Dim(Axis.BATCH, rows), new Dim(axis, heads), new Dim(Axis.HEAD_DIM, dim));
  }
}
