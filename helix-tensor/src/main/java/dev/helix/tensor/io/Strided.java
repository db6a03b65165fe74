package dev.helix.tensor.io;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a tensor lie: the element at index (i, j, …) is the one at offset + i ·
 * stride₀ + j · stride₁ + … of the storage.
 *
 * @param shape sizes from the outermost axis on; no axes for a scalar
 * @param strides the distance in the storage from one index of an axis to the next, in elements, at
 *     least 0
 * @param offset the place of the first element, in elements
 */
record Strided(List<Long> shape, List<Long> strides, long offset) {
  Strided {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (shape.size() != strides.size()) {
      throw new IllegalArgumentException(
          "expected a stride for each axis, got %s for %s".formatted(strides, shape));
    }
  }

  /** A tensor whose last axis lies together. */
  static Strided rowMajor(List<Long> shape) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      strides.add(0, stride);
      stride *= Math.max(1, shape.get(axis));
    }
    return new Strided(shape, strides, 0);
  }

  /** A tensor whose first axis lies together, as Fortran keeps arrays. */
  static Strided columnMajor(List<Long> shape) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (long size : shape) {
      strides.add(stride);
      stride *= Math.max(1, size);
    }
    return new Strided(shape, strides, 0);
  }

  /**
   * Number of elements.
   *
   * @throws ArithmeticException if a {@code long} does not hold it
   */
  long elements() {
    return shape.contains(0L) ? 0 : shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * The place of the last element in the storage.
   *
   * @throws ArithmeticException if a {@code long} does not hold it
   */
  long last() {
    long last = offset;
    for (int axis = 0; axis < shape.size(); axis++) {
      last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, (long) strides.get(axis)));
    }
    return last;
  }

  /** The place of the element at an index, which has one number for each axis. */
  long at(long... index) {
    if (index.length != shape.size()) {
      throw new IndexOutOfBoundsException(
          "expected an index of %d axes, got one of %d".formatted(shape.size(), index.length));
    }
    long at = offset;
    for (int axis = 0; axis < index.length; axis++) {
      requireWithin(axis, index[axis], shape.get(axis));
      at += index[axis] * strides.get(axis);
    }
    return at;
  }

  /** The place of the {@code number}-th element, counted in row-major order. */
  long atNumber(long number) {
    long at = offset;
    long rest = number;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      at += rest % shape.get(axis) * strides.get(axis);
      rest /= shape.get(axis);
    }
    return at;
  }

  /** How many elements, from any multiple of this number on, follow each other at one distance. */
  long run() {
    long run = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (run > 1 && strides.get(axis) != run * step() && shape.get(axis) > 1) {
        return run;
      }
      run *= shape.get(axis);
    }
    return run;
  }

  /** The distance of elements within a {@link #run}. */
  long step() {
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) > 1) {
        return strides.get(axis);
      }
    }
    return 1;
  }

  /** The part at one index of an axis, which is gone in the result. */
  Strided slice(int axis, long index) {
    requireWithin(axis, index, shape.get(axis));
    List<Long> sizes = new ArrayList<>(shape);
    List<Long> steps = new ArrayList<>(strides);
    sizes.remove(axis);
    return new Strided(sizes, steps, offset + index * steps.remove(axis));
  }

  /** The part at the indices {@code [from, to)} of an axis. */
  Strided range(int axis, long from, long to) {
    if (from < 0 || from > to || to > shape.get(axis)) {
      throw new IndexOutOfBoundsException(
          "[%d, %d) of axis %d of %s".formatted(from, to, axis, shape));
    }
    List<Long> sizes = new ArrayList<>(shape);
    sizes.set(axis, to - from);
    return new Strided(sizes, strides, from == to ? offset : offset + from * strides.get(axis));
  }

  /** The same elements with the axes in another order: axis i of the result is {@code order[i]}. */
  Strided permuted(int... order) {
    List<Long> sizes = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis : order) {
      sizes.add(shape.get(axis));
      steps.add(strides.get(axis));
    }
    return new Strided(sizes, steps, offset);
  }

  /** One axis seen as two, of which the inner one has {@code inner} indices and divides it. */
  Strided split(int axis, long inner) {
    if (inner < 1 || shape.get(axis) % inner != 0) {
      throw new IllegalArgumentException(
          "axis %d of %s does not split into parts of %d".formatted(axis, shape, inner));
    }
    List<Long> sizes = new ArrayList<>(shape);
    List<Long> steps = new ArrayList<>(strides);
    sizes.set(axis, shape.get(axis) / inner);
    steps.set(axis, strides.get(axis) * inner);
    sizes.add(axis + 1, inner);
    steps.add(axis + 1, strides.get(axis));
    return new Strided(sizes, steps, offset);
  }

  private void requireWithin(int axis, long index, long size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "index %d of axis %d of %s".formatted(index, axis, shape));
    }
  }
}
