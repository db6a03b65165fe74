package dev.helix.runtime.decode;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;

/** Slices of a checkpoint as constants of one rank. */
record RankWeights<T extends Tensor>(Checkpoint checkpoint, Kernels<T> kernels, DType dtype) {
  /** A slice as a matrix over two axes. */
  T matrix(Axis outer, int outerSize, Axis inner, int innerSize, WeightSlice slice) {
    return kernels.constant(Spec.of(dtype, outer, outerSize, inner, innerSize), slice);
  }

  /** A slice as a matrix {@code [headDim, latent]} for each head. */
  T perHead(int heads, int headDim, int latent, WeightSlice slice) {
    Spec spec =
        Spec.of(
            dtype,
            new Dim(Axis.HEADS, heads),
            new Dim(Axis.HEAD_DIM, headDim),
            new Dim(Axis.LATENT, latent));
    return kernels.constant(spec, slice);
  }

  /** A whole vector. */
  T vector(Axis axis, int size, String name) {
    return kernels.constant(Spec.of(dtype, axis, size), checkpoint.vector(name));
  }

  /** Rows and columns of a weight. */
  WeightSlice slice(String name, int rowFrom, int rowTo, int columnFrom, int columnTo) {
    return checkpoint.slice(name, rowFrom, rowTo, columnFrom, columnTo);
  }
}
