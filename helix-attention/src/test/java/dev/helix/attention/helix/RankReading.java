package dev.helix.attention.helix;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionOperations;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.exact.ExactAttentionKernels;
import dev.helix.attention.exact.ExactLatentKernels;
import dev.helix.attention.fp64.Fp64AttentionKernels;
import dev.helix.attention.fp64.Fp64LatentKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
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
import dev.helix.tensor.exact.ExactWire;
import dev.helix.tensor.fp64.Fp64Constants;
import dev.helix.tensor.fp64.Fp64Kernels;
import dev.helix.tensor.fp64.Fp64Rank;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Fp64Wire;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.WireCollectives;
import java.util.concurrent.atomic.AtomicLong;

/** One reading on one rank. */
record RankReading<T extends Tensor>(
    Kernels<T> kernels,
    AttentionKernels<T> attention,
    LatentKernels<T> latent,
    Collectives<T> collectives) {
  private static final AtomicLong CONSTANTS = new AtomicLong();

  static RankReading<Fp64Tensor> fp64(Communicator communicator) {
    Fp64Rank rank = new Fp64Rank(communicator.scope());
    return new RankReading<>(
        new Fp64Kernels(rank, new Fp64Constants()),
        new Fp64AttentionKernels(rank),
        new Fp64LatentKernels(rank),
        new WireCollectives<>(communicator, new Fp64Wire(rank)));
  }

  static RankReading<ExactTensor> exact(Communicator communicator) {
    ExactRank rank = new ExactRank(communicator.scope());
    return new RankReading<>(
        new ExactKernels(rank, new ExactConstants()),
        new ExactAttentionKernels(rank),
        new ExactLatentKernels(rank),
        new WireCollectives<>(communicator, new ExactWire(rank)));
  }

  AttentionOperations<T> operations() {
    return new AttentionOperations<>(kernels, attention, collectives);
  }

  T constant(double[] values, Dim... dims) {
    String name = "constant " + CONSTANTS.incrementAndGet();
    return kernels.constant(Spec.of(DType.F64, dims), new WeightSlice(name, () -> values));
  }

  T rows(double[] values, int rows) {
    return constant(values, new Dim(Axis.BATCH, rows), new Dim(Axis.HIDDEN, values.length / rows));
  }
}
