package dev.helix.attention.scalar;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.TokenStore;
import dev.helix.attention.merge.ScalarMerge;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.List;

/**
 * The attention kernels by their formulas, in any arithmetic. Sums start from zero and run in the
 * order of the index.
 *
 * <p>Cosines and sines of positions, and the scale of scores, are given as doubles, whatever the
 * arithmetic.
 *
 * @param <S> a number
 */
public final class ScalarAttentionKernels<S> implements AttentionKernels<ScalarTensor<S>> {
  private final ScalarRank<S> rank;
  private final Arithmetic<S> arithmetic;

  public ScalarAttentionKernels(ScalarRank<S> rank) {
    this.rank = rank;
    this.arithmetic = rank.arithmetic();
  }

  /**
   * {@inheritDoc} It takes four multiplications and two additions for each pair of each query and
   * key.
   */
  @Override
  public RotatedQkv<ScalarTensor<S>> rotaryQkv(
      ScalarTensor<S> qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    rank.launch("rotaryQkv", qkv);
    qkv.spec().require("rotaryQkv", Axis.BATCH, Axis.QKV);
    int rows = qkv.spec().size(Axis.BATCH);
    int dim = shape.headDim();
    rank.requireEqual("rotaryQkv", "rows of the step", rows, step.size());
    rank.requireEqual("rotaryQkv", "size of qkv", shape.qkvRows(), qkv.spec().size(Axis.QKV));
    rank.requireEqual("rotaryQkv", "rotary pairs", dim / 2, rotary.pairs());
    DType dtype = qkv.spec().dtype();
    ScalarTensor<S> queries =
        rank.allocate(heads(dtype, rows, Axis.HEADS, shape.queryHeads(), dim));
    ScalarTensor<S> keys = rank.allocate(heads(dtype, rows, Axis.KV_HEADS, shape.kvHeads(), dim));
    ScalarTensor<S> values = rank.allocate(keys.spec());
    for (int row = 0; row < rows; row++) {
      int from = row * shape.qkvRows();
      Turn<S> turn =
          new Turn<>(arithmetic, rotary, RotaryPairing.HALF_SPLIT, step.get(row).position());
      for (int head = 0; head < shape.queryHeads(); head++, from += dim) {
        turn.apply(qkv, from, queries, (row * shape.queryHeads() + head) * dim);
      }
      for (int head = 0; head < shape.kvHeads(); head++, from += dim) {
        turn.apply(qkv, from, keys, (row * shape.kvHeads() + head) * dim);
      }
      for (int i = 0; i < shape.kvHeads() * dim; i++) {
        values.set(row * shape.kvHeads() * dim + i, qkv.get(from + i));
      }
    }
    return new RotatedQkv<>(queries, keys, values);
  }

  /** {@inheritDoc} All slots are unset, and reading one before it is written is an error. */
  @Override
  public ScalarTensor<S> allocatePage(Spec spec) {
    spec.require("allocatePage", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    return rank.allocate(spec);
  }

  @Override
  public void appendKv(
      ScalarTensor<S> keys, ScalarTensor<S> values, List<CacheSlot<ScalarTensor<S>>> slots) {
    rank.launch("appendKv", keys, values);
    keys.spec().require("appendKv keys", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    values.spec().require("appendKv values", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    for (CacheSlot<ScalarTensor<S>> slot : slots) {
      write(rank, "appendKv", TokenStore.Part.KEY, keys, slot);
      write(rank, "appendKv", TokenStore.Part.VALUE, values, slot);
    }
  }

  @Override
  public PartialAttention<ScalarTensor<S>> flashDecode(
      Piece piece,
      ScalarTensor<S> queries,
      List<KvView<ScalarTensor<S>>> views,
      ScoreRule rule,
      int valueDim) {
    rank.launch("flashDecode", queries);
    Spec spec = queries.spec().require("flashDecode", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    rank.requireEqual("flashDecode", "views", spec.size(Axis.BATCH), views.size());
    return new TextbookSoftmax<>(rank, "flashDecode", queries, rule, valueDim).over(views);
  }

  @Override
  public ScalarTensor<S> mergeByLse(Piece piece, PartialAttention<ScalarTensor<S>> shards) {
    rank.launch("mergeByLse", shards.output(), shards.lse());
    shards.requireStack("mergeByLse");
    Spec stack = shards.output().spec();
    ScalarTensor<S> merged =
        rank.allocate(new Spec(stack.dtype(), stack.dims().subList(1, stack.axisCount())));
    ScalarMerge<S> merge = new ScalarMerge<>(arithmetic, shards, merged);
    for (int rowHead = 0; rowHead < stack.size(Axis.BATCH) * stack.size(Axis.HEADS); rowHead++) {
      merge.merge(rowHead);
    }
    return merged;
  }

  /**
   * Writes one row of {@code [batch, kvHeads, headDim]} into its slot of the page's keys or values,
   * as the slot stores it.
   */
  static <S> void write(
      ScalarRank<S> rank,
      String operation,
      TokenStore.Part part,
      ScalarTensor<S> from,
      CacheSlot<ScalarTensor<S>> slot) {
    ScalarTensor<S> page = slot.page().holding(part);
    slot.requireFits(rank, operation, page, from.spec());
    int kvHeads = from.spec().size(Axis.KV_HEADS);
    int dim = from.spec().size(Axis.HEAD_DIM);
    int slots = page.spec().size(Axis.SLOTS);
    for (int head = 0; head < kvHeads; head++) {
      int source = (slot.row() * kvHeads + head) * dim;
      int target = (head * slots + slot.slot()) * dim;
      if (slot.store().isEmpty()) {
        for (int i = 0; i < dim; i++) {
          page.set(target + i, from.get(source + i));
        }
      } else {
        double[] numbers = new double[dim];
        for (int i = 0; i < dim; i++) {
          numbers[i] = rank.arithmetic().toDouble(from.get(source + i));
        }
        double[] stored = slot.stored(part, head, numbers);
        for (int i = 0; i < dim; i++) {
          page.set(target + i, rank.arithmetic().of(stored[i]));
        }
      }
    }
  }

  private static Spec heads(DType dtype, int rows, Axis axis, int heads, int dim) {
    return Spec.of(
        dtype, new Dim(Axis.BATCH, rows), new Dim(axis, heads), new Dim(Axis.HEAD_DIM, dim));
  }
}
