package dev.helix.attention.scalar;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.exact.ExactConstants;
import dev.helix.tensor.exact.ExactKernels;
import dev.helix.tensor.exact.ExactRank;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.scalar.Arithmetic;
import dev.helix.tensor.scalar.CountingArithmetic;
import dev.helix.tensor.scalar.ScalarConstants;
import dev.helix.tensor.scalar.ScalarKernels;
import dev.helix.tensor.scalar.ScalarRank;
import dev.helix.tensor.scalar.ScalarTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One reading's kernels on one rank. */
record Run<T extends Tensor>(Kernels<T> kernels, AttentionKernels<T> attention) {
  static Run<Fp64Tensor> fp64(int rank) {
    Fp64Rank own = new Fp64Rank(RankScope.alone(rank));
    return new Run<>(new Fp64Kernels(own, new Fp64Constants()), new Fp64AttentionKernels(own));
  }

  static Run<ExactTensor> exact(int rank) {
    ExactRank own = new ExactRank(RankScope.alone(rank));
    return new Run<>(new ExactKernels(own, new ExactConstants()), new ExactAttentionKernels(own));
  }

  static Run<ScalarTensor<Double>> counting(int rank) {
    RankScope scope = RankScope.alone(rank);
    return scalar(scope, new CountingArithmetic(scope));
  }

  static <S> Run<ScalarTensor<S>> scalar(RankScope scope, Arithmetic<S> arithmetic) {
    ScalarRank<S> own = new ScalarRank<>(scope, arithmetic);
    return new Run<>(
        new ScalarKernels<>(own, new ScalarConstants<>()), new ScalarAttentionKernels<>(own));
  }

  /** A tensor with these numbers, row-major. */
  T tensor(Spec spec, double... values) {
    return kernels.constant(spec, new WeightSlice(Arrays.toString(values), () -> values));
  }

  double[] host(T tensor) {
    return kernels.toHost(tensor);
  }

  /**
   * Pages that hold the tokens of one request, as a cache would have written them.
   *
   * @param keys {@code [tokens, kvHeads, headDim]}
   * @param values {@code [tokens, kvHeads, headDim]}
   */
  List<KvPage<T>> pages(int pageSlots, int kvHeads, int dim, double[] keys, double[] values) {
    int tokens = keys.length / (kvHeads * dim);
    List<KvPage<T>> pages = new ArrayList<>();
    List<CacheSlot<T>> slots = new ArrayList<>();
    for (int token = 0; token < tokens; token++) {
      if (token % pageSlots == 0) {
        pages.add(page(pageSlots, kvHeads, dim));
      }
      slots.add(new CacheSlot<>(token, pages.get(token / pageSlots), token % pageSlots));
    }
    Spec step = kv(tokens, kvHeads, dim);
    attention.appendKv(tensor(step, keys), tensor(step, values), slots);
    return pages;
  }

  KvPage<T> page(int slots, int kvHeads, int dim) {
    Spec spec =
        Spec.of(
            DType.BF16,
            new Dim(Axis.KV_HEADS, kvHeads),
            new Dim(Axis.SLOTS, slots),
            new Dim(Axis.HEAD_DIM, dim));
    return new KvPage<>(attention.allocatePage(spec), attention.allocatePage(spec));
  }

  static Spec queries(int rows, int heads, int dim) {
    return Spec.of(
        DType.BF16,
        new Dim(Axis.BATCH, rows),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, dim));
  }

  static Spec kv(int rows, int kvHeads, int dim) {
    return Spec.of(
        DType.BF16,
        new Dim(Axis.BATCH, rows),
        new Dim(Axis.KV_HEADS, kvHeads),
        new Dim(Axis.HEAD_DIM, dim));
  }

  /** Of merged and of partial LSEs; with a last axis of components, of outputs. */
  static Spec stack(int shards, int rows, int heads) {
    return Spec.of(
        DType.BF16,
        new Dim(Axis.SHARDS, shards),
        new Dim(Axis.BATCH, rows),
        new Dim(Axis.HEADS, heads));
  }

  static Spec stack(int shards, int rows, int heads, int dim) {
    List<Dim> dims = new ArrayList<>(stack(shards, rows, heads).dims());
    dims.add(new Dim(Axis.HEAD_DIM, dim));
    return new Spec(DType.BF16, dims);
  }
}
