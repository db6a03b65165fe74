package dev.helix.runtime.loading;

import dev.helix.runtime.checkpoint.WeightSource;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;

/** Puts slices of a model's weights on one rank, each in its deployed number format. */
public record RankWeights<T extends Tensor>(
    WeightSource source, Kernels<T> kernels, DeployedPrecision precision) {
  /** Puts a slice of attention, or of the head, on the rank as a matrix over two axes. */
  public T matrix(Axis outer, int outerSize, Axis inner, int innerSize, WeightSlice slice) {
    return matrix(precision.attention(), outer, outerSize, inner, innerSize, slice);
  }

  /** Puts a slice on the rank as a matrix over two axes, in its own format. */
  public T matrix(
      DType dtype, Axis outer, int outerSize, Axis inner, int innerSize, WeightSlice slice) {
    return matrix(Spec.of(dtype, outer, outerSize, inner, innerSize), slice);
  }

  /** Puts a slice on the rank as a matrix of a shape. */
  public T matrix(Spec spec, WeightSlice slice) {
    return kernels.constant(spec, slice);
  }

  /**
   * Puts a slice on the rank as a matrix in the format of activations, which router and embedding
   * have.
   */
  public T unquantized(Axis outer, int outerSize, Axis inner, int innerSize, WeightSlice slice) {
    return kernels.constant(
        Spec.of(precision.activations(), outer, outerSize, inner, innerSize), slice);
  }

  /** Puts a slice on the rank as a matrix {@code [headDim, latent]} for each head. */
  public T perHead(int heads, int headDim, int latent, WeightSlice slice) {
    Spec spec =
        Spec.of(
            precision.attention(),
            new Dim(Axis.HEADS, heads),
            new Dim(Axis.HEAD_DIM, headDim),
            new Dim(Axis.LATENT, latent));
    return kernels.constant(spec, slice);
  }

  /** Puts a whole vector on the rank. */
  public T vector(Axis axis, int size, String name) {
    return kernels.constant(
        Spec.of(precision.activations(), axis, size), source.vector(name, size));
  }

  /** A slice with some rows and columns of a weight. */
  public WeightSlice slice(String name, int rowFrom, int rowTo, int columnFrom, int columnTo) {
    return source.slice(name, rowFrom, rowTo, columnFrom, columnTo);
  }
}
