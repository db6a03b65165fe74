package dev.helix.ffn.scalar;

import dev.helix.ffn.FfnKernels;
import dev.helix.ffn.exact.ExactFfnKernels;
import dev.helix.ffn.fp64.Fp64FfnKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
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
import java.util.Arrays;

/** One reading's kernels on one rank. */
record Run<T extends Tensor>(Kernels<T> kernels, FfnKernels<T> ffn) {
  static Run<Fp64Tensor> fp64(int rank) {
    Fp64Rank own = new Fp64Rank(RankScope.alone(rank));
    return new Run<>(new Fp64Kernels(own, new Fp64Constants()), new Fp64FfnKernels(own));
  }

  static Run<ExactTensor> exact(int rank) {
    ExactRank own = new ExactRank(RankScope.alone(rank));
    return new Run<>(new ExactKernels(own, new ExactConstants()), new ExactFfnKernels(own));
  }

  static Run<ScalarTensor<Double>> counting(int rank) {
    RankScope scope = RankScope.alone(rank);
    return scalar(scope, new CountingArithmetic(scope));
  }

  static <S> Run<ScalarTensor<S>> scalar(RankScope scope, Arithmetic<S> arithmetic) {
    ScalarRank<S> own = new ScalarRank<>(scope, arithmetic);
    return new Run<>(
        new ScalarKernels<>(own, new ScalarConstants<>()), new ScalarFfnKernels<>(own));
  }

  /** A tensor with these numbers, row-major. */
  T tensor(Spec spec, double... values) {
    return kernels.constant(spec, new WeightSlice(Arrays.toString(values), () -> values));
  }

  double[] host(T tensor) {
    return kernels.toHost(tensor);
  }

  static Spec gateUp(int rows, int gateUp) {
    return Spec.of(DType.BF16, Axis.BATCH, rows, Axis.GATE_UP, gateUp);
  }
}
