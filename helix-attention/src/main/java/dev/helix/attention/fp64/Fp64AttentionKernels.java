package dev.helix.attention.fp64;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.TokenStore;
import dev.helix.attention.merge.Fp64Merge;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.fp64.Fp64Memory.Region;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;

/** The attention kernels of the {@code fp64} reading, in double precision on ND4J. */
public final class Fp64AttentionKernels implements AttentionKernels<Fp64Tensor> {
  private final Fp64Rank rank;

  public Fp64AttentionKernels(Fp64Rank rank) {
    this.rank = rank;
  }

  @Override
  public RotatedQkv<Fp64Tensor> rotaryQkv(
      Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    rank.launch("rotaryQkv", qkv);
    qkv.spec().require("rotaryQkv", Axis.BATCH, Axis.QKV);
    int rows = qkv.spec().size(Axis.BATCH);
    rank.requireEqual("rotaryQkv", "rows of the step", rows, step.size());
    rank.requireEqual("rotaryQkv", "qkv", shape.qkvRows(), qkv.spec().size(Axis.QKV));
    rank.requireEqual("rotaryQkv", "rotary pairs", shape.headDim() / 2, rotary.pairs());
    DType dtype = qkv.spec().dtype();
    int dim = shape.headDim();
    Fp64Tensor queries = rank.allocate(heads(dtype, rows, Axis.HEADS, shape.queryHeads(), dim));
    Fp64Tensor keys = rank.allocate(heads(dtype, rows, Axis.KV_HEADS, shape.kvHeads(), dim));
    Fp64Tensor values = rank.allocate(heads(dtype, rows, Axis.KV_HEADS, shape.kvHeads(), dim));
    int queryWidth = shape.queryHeads() * dim;
    int kvWidth = shape.kvHeads() * dim;
    for (int row = 0; row < rows; row++) {
      double[] cosines = rotary.cosines(step.get(row).position());
      double[] sines = rotary.sines(step.get(row).position());
      long from = (long) row * shape.qkvRows();
      rotate(qkv.region(), from, queries.region(), row, shape.queryHeads(), cosines, sines);
      from += queryWidth;
      rotate(qkv.region(), from, keys.region(), row, shape.kvHeads(), cosines, sines);
      from += kvWidth;
      copy(qkv.region(), from, values.region(), (long) row * kvWidth, kvWidth);
    }
    return new RotatedQkv<>(queries, keys, values);
  }

  @Override
  public Fp64Tensor allocatePage(Spec spec) {
    spec.require("allocatePage", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
    Fp64Tensor page = rank.allocate(spec);
    for (long i = 0; i < page.region().length(); i++) {
      page.region().set(i, Double.NaN);
    }
    return page;
  }

  @Override
  public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
    rank.launch("appendKv", keys, values);
    keys.spec().require("appendKv keys", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    values.spec().require("appendKv values", Axis.BATCH, Axis.KV_HEADS, Axis.HEAD_DIM);
    for (CacheSlot<Fp64Tensor> slot : slots) {
      write(rank, "appendKv", TokenStore.Part.KEY, keys, slot);
      write(rank, "appendKv", TokenStore.Part.VALUE, values, slot);
    }
  }

  @Override
  public PartialAttention<Fp64Tensor> flashDecode(
      Piece piece,
      Fp64Tensor queries,
      List<KvView<Fp64Tensor>> views,
      ScoreRule rule,
      int valueDim) {
    rank.launch("flashDecode", queries);
    queries.spec().require("flashDecode", Axis.BATCH, Axis.HEADS, Axis.HEAD_DIM);
    rank.requireEqual("flashDecode", "views", queries.spec().size(Axis.BATCH), views.size());
    return new FlashDecode(rank, "flashDecode", queries, rule, valueDim).over(views);
  }

  /** {@inheritDoc} See {@link Fp64Merge}. */
  @Override
  public Fp64Tensor mergeByLse(Piece piece, PartialAttention<Fp64Tensor> shards) {
    rank.launch("mergeByLse", shards.output(), shards.lse());
    shards.requireStack("mergeByLse");
    Spec stack = shards.output().spec();
    int dim = stack.size(Axis.HEAD_DIM);
    int rowsByHeads = stack.size(Axis.BATCH) * stack.size(Axis.HEADS);
    Fp64Tensor result =
        rank.allocate(new Spec(stack.dtype(), stack.dims().subList(1, stack.axisCount())));
    Region output = shards.output().region();
    Region lse = shards.lse().region();
    double[] lses = new double[stack.size(Axis.SHARDS)];
    double[] outputs = new double[lses.length * dim];
    double[] merged = new double[dim];
    for (int rowHead = 0; rowHead < rowsByHeads; rowHead++) {
      for (int part = 0; part < lses.length; part++) {
        long at = (long) part * rowsByHeads + rowHead;
        lses[part] = lse.get(at);
        for (int i = 0; i < dim; i++) {
          outputs[part * dim + i] = output.get(at * dim + i);
        }
      }
      Fp64Merge.mergeByLse(lses, outputs, merged);
      for (int i = 0; i < dim; i++) {
        result.region().set((long) rowHead * dim + i, merged[i]);
      }
    }
    return result;
  }

  /** Rotates the components i and i + d/2 of each head: (a, b) → (a·cos − b·sin, b·cos + a·sin). */
  private static void rotate(
      Region from, long at, Region to, int row, int heads, double[] cosines, double[] sines) {
    int half = cosines.length;
    for (int head = 0; head < heads; head++) {
      long source = at + (long) head * 2 * half;
      long target = ((long) row * heads + head) * 2 * half;
      for (int i = 0; i < half; i++) {
        double a = from.get(source + i);
        double b = from.get(source + half + i);
        to.set(target + i, a * cosines[i] - b * sines[i]);
        to.set(target + half + i, b * cosines[i] + a * sines[i]);
      }
    }
  }

  /**
   * Writes one row of {@code [batch, kvHeads, headDim]} into its slot of the page's keys or values,
   * as the slot stores it.
   */
  static void write(
      Fp64Rank rank,
      String operation,
      TokenStore.Part part,
      Fp64Tensor from,
      CacheSlot<Fp64Tensor> slot) {
    Fp64Tensor page = slot.page().holding(part);
    slot.requireFits(rank, operation, page, from.spec());
    int kvHeads = from.spec().size(Axis.KV_HEADS);
    int dim = from.spec().size(Axis.HEAD_DIM);
    int slots = page.spec().size(Axis.SLOTS);
    double[] numbers = new double[dim];
    for (int head = 0; head < kvHeads; head++) {
      long source = ((long) slot.row() * kvHeads + head) * dim;
      long target = ((long) head * slots + slot.slot()) * dim;
      for (int i = 0; i < dim; i++) {
        numbers[i] = from.region().get(source + i);
      }
      double[] stored = slot.stored(part, head, numbers);
      for (int i = 0; i < dim; i++) {
        page.region().set(target + i, stored[i]);
      }
    }
  }

  private static void copy(Region from, long source, Region to, long target, int count) {
    for (int i = 0; i < count; i++) {
      to.set(target + i, from.get(source + i));
    }
  }

  private static Spec heads(DType dtype, int rows, Axis axis, int heads, int dim) {
    return Spec.of(
        dtype, new Dim(Axis.BATCH, rows), new Dim(axis, heads), new Dim(Axis.HEAD_DIM, dim));
  }
}
