package dev.helix.tensor.scalar;

import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.Wire;
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
import dev.helix.tensor.mesh.RankScope;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** One reading's kernels and wires on any rank, over one set of constants. */
record Run<T extends Tensor>(IntFunction<Kernels<T>> kernels, IntFunction<Wire<T>> wires) {
  static Run<Fp64Tensor> fp64() {
    Fp64Constants constants = new Fp64Constants();
    return new Run<>(
        rank -> new Fp64Kernels(new Fp64Rank(RankScope.alone(rank)), constants),
        rank -> new Fp64Wire(new Fp64Rank(RankScope.alone(rank))));
  }

  static Run<ExactTensor> exact() {
    ExactConstants constants = new ExactConstants();
    return new Run<>(
        rank -> new ExactKernels(new ExactRank(RankScope.alone(rank)), constants),
        rank -> new ExactWire(new ExactRank(RankScope.alone(rank))));
  }

  static Run<ScalarTensor<Double>> counting() {
    RankScope unobserved = RankScope.alone(0);
    return scalar(new CountingArithmetic(unobserved));
  }

  static <S> Run<ScalarTensor<S>> scalar(Arithmetic<S> arithmetic) {
    ScalarConstants<S> constants = new ScalarConstants<>();
    return new Run<>(
        rank -> new ScalarKernels<>(new ScalarRank<>(RankScope.alone(rank), arithmetic), constants),
        rank -> new ScalarWire<>(new ScalarRank<>(RankScope.alone(rank), arithmetic)));
  }

  /** A tensor of rank 0 with these numbers, row-major. */
  T tensor(Spec spec, double... values) {
    return tensor(0, spec, values);
  }

  T tensor(int rank, Spec spec, double... values) {
    WeightSlice slice = new WeightSlice(Arrays.toString(values), () -> values);
    return kernels.apply(rank).constant(spec, slice);
  }

  double[] host(T tensor) {
    return kernels.apply(tensor.owner()).toHost(tensor);
  }

  /** Numbers of either sign and of magnitudes from 2⁻¹⁰ to 2¹⁰, none 0. */
  static double[] numbers(SplittableRandom random, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      double fraction = random.nextDouble(0.5, 1) * (random.nextBoolean() ? 1 : -1);
      numbers[i] = Math.scalb(fraction, random.nextInt(-10, 11));
    }
    return numbers;
  }
}
