package dev.helix.tensor.fp64;

import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Shows tensors of the {@code fp64} reading as ND4J arrays, and ND4J arrays as tensors. A tensor
 * with the axes {@code [batch, heads, headDim]} becomes an array of the same three sizes, in order
 * 'c'.
 *
 * <p><b>Without a copy</b>: {@link #viewOf} and {@link #wrapped}. What is written through the array
 * is seen through the tensor, and the other way round. This has two hazards.
 *
 * <ul>
 *   <li><em>The memory of a tensor is used again when the tensor is garbage.</em> An array from
 *       {@link #viewOf}, and every ND4J view made from it (row, slice, transpose, reshape), keeps
 *       it alive; {@code close()} on such an array frees nothing. Only a bare pointer or address
 *       taken from the array can dangle. A small view keeps a slab of 512 KiB alive. A program that
 *       collects many of them should take {@link #copyOf}.
 *   <li><em>A caller's array can be closed while a tensor still uses its memory.</em> The next
 *       launch or collective that is given the tensor then throws an {@link IllegalStateException}.
 *       A launch during which another thread closes the array cannot be protected. Arrays of a
 *       workspace are refused, because ND4J uses their memory again at the end of the scope.
 * </ul>
 *
 * <p><b>With a copy</b>: {@link #copyOf} and {@link #copied}.
 */
public final class Nd4jViews {
  private Nd4jViews() {}

  /**
   * An ND4J array over the numbers of a tensor, which are not copied.
   *
   * @return an array of type DOUBLE and order 'c', with one axis for each of the tensor's
   * @throws UnsupportedOperationException if the tensor holds weights. Ranks share them, and
   *     nothing would stop a write to the array; {@link #copyOf} gives their numbers
   * @throws IllegalStateException if the tensor uses the memory of an array that has been closed
   */
  public static INDArray viewOf(Fp64Tensor tensor) {
    tensor.region().requireWritable();
    return shared(tensor);
  }

  /**
   * An ND4J array with a copy of the numbers of a tensor.
   *
   * @return an array of type DOUBLE and order 'c', with one axis for each of the tensor's
   */
  public static INDArray copyOf(Fp64Tensor tensor) {
    return tensor.spec().elements() == 0 ? shared(tensor) : shared(tensor).dup('c');
  }

  /**
   * A tensor over the numbers of {@code array}, which are not copied.
   *
   * @param rank the rank that the tensor is to belong to
   * @param spec has the sizes of the array
   * @throws IllegalArgumentException if the array has another shape, or if {@link #reasonToCopy}
   *     gives a reason against it
   */
  public static Fp64Tensor wrapped(Fp64Rank rank, Spec spec, INDArray array) {
    requireShape(spec, array);
    reasonToCopy(array)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(
                  "an array for %s cannot be used without a copy: %s".formatted(spec, reason));
            });
    if (spec.elements() == 0) {
      return rank.allocate(spec);
    }
    return new Fp64Tensor(spec, rank.rank(), Fp64Memory.foreign(array.data(), spec.elements()));
  }

  /**
   * A tensor with a copy of the numbers of {@code array}. The array may have any order and strides,
   * and type DOUBLE, FLOAT, HALF or BFLOAT16, each of which converts to double exactly.
   *
   * @param rank the rank that the tensor is to belong to
   * @param spec has the sizes of the array
   * @throws IllegalArgumentException if the array has another shape or another type
   */
  public static Fp64Tensor copied(Fp64Rank rank, Spec spec, INDArray array) {
    requireShape(spec, array);
    requireOpen(array);
    if (!array.dataType().isFPType()) {
      throw new IllegalArgumentException(
          "an array for %s: expected type DOUBLE, FLOAT, HALF or BFLOAT16, got %s"
              .formatted(spec, array.dataType()));
    }
    Fp64Tensor tensor = rank.allocate(spec);
    if (spec.elements() > 0) {
      shared(tensor).assign(array.castTo(DataType.DOUBLE));
    }
    return tensor;
  }

  /**
   * The reason why {@link #wrapped} would refuse an array, so that {@link #copied} has to be
   * called; empty if there is none. An array can be used without a copy if it has type DOUBLE and
   * order 'c', is contiguous and belongs to no workspace. It may be a part of a larger array.
   * Strides of axes of size 1 do not count.
   */
  public static Optional<String> reasonToCopy(INDArray array) {
    requireOpen(array);
    if (array.dataType() != DataType.DOUBLE) {
      return Optional.of("its type is " + array.dataType() + ", not DOUBLE");
    }
    if (array.isEmpty()) {
      return Optional.empty();
    }
    if (array.isAttached()) {
      return Optional.of("it is attached to a workspace, which uses the memory again");
    }
    long expected = 1;
    for (int axis = array.rank() - 1; axis >= 0; axis--) {
      if (array.size(axis) != 1 && array.stride(axis) != expected) {
        return Optional.of(
            "its strides %s are not those of order 'c' for the shape %s"
                .formatted(Arrays.toString(array.stride()), Arrays.toString(array.shape())));
      }
      expected *= array.size(axis);
    }
    return Optional.empty();
  }

  /** An array over the tensor's memory, also where the tensor holds weights. */
  private static INDArray shared(Fp64Tensor tensor) {
    long[] shape = shape(tensor.spec());
    if (tensor.spec().elements() == 0) {
      // ND4J has no empty buffers, and an array without numbers has nothing to share.
      return Nd4j.create(DataType.DOUBLE, shape);
    }
    DataBuffer numbers = tensor.region().share();
    return Nd4j.create(numbers, shape, stridesOfOrderC(shape), 0, 'c');
  }

  private static void requireShape(Spec spec, INDArray array) {
    if (!Arrays.equals(shape(spec), array.shape())) {
      throw new IllegalArgumentException(
          "an array for %s: expected shape %s, got %s"
              .formatted(spec, Arrays.toString(shape(spec)), Arrays.toString(array.shape())));
    }
  }

  private static void requireOpen(INDArray array) {
    if (array.wasClosed()) {
      throw new IllegalArgumentException("the array has been closed");
    }
  }

  private static long[] shape(Spec spec) {
    return spec.dims().stream().mapToLong(Dim::size).toArray();
  }

  private static long[] stridesOfOrderC(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }
}
