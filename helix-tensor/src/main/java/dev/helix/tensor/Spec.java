package dev.helix.tensor;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of a tensor without its numbers: the number format that it is deployed in, and its
 * named axes, outermost first, stored row-major.
 *
 * <p>{@code dtype} is the format in the deployed model (BF16 weights, say), from which bytes are
 * counted. It says nothing about the arithmetic of the reading that holds the tensor.
 */
public record Spec(DType dtype, List<Dim> dims) {
  public Spec {
    dims = List.copyOf(dims);
    // A set would be made for every tensor of a trace, and axes are few.
    for (int i = 1; i < dims.size(); i++) {
      for (int j = 0; j < i; j++) {
        Axis axis = dims.get(i).axis();
        if (dims.get(j).axis() == axis) {
          throw new IllegalArgumentException("axis " + axis + " occurs twice in " + dims);
        }
      }
    }
  }

  public static Spec of(DType dtype, Dim... dims) {
    return new Spec(dtype, List.of(dims));
  }

  /** The spec of a vector over one axis. */
  public static Spec of(DType dtype, Axis axis, int size) {
    return of(dtype, new Dim(axis, size));
  }

  /** The spec of a matrix over two axes, {@code outer} first. */
  public static Spec of(DType dtype, Axis outer, int outerSize, Axis inner, int innerSize) {
    return of(dtype, new Dim(outer, outerSize), new Dim(inner, innerSize));
  }

  /** Number of axes. */
  public int axisCount() {
    return dims.size();
  }

  public boolean has(Axis axis) {
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i).axis() == axis) {
        return true;
      }
    }
    return false;
  }

  /** Position of {@code axis} among the axes; the outermost has position 0. */
  public int indexOf(Axis axis) {
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i).axis() == axis) {
        return i;
      }
    }
    throw new IllegalArgumentException("no axis " + axis + " in " + this);
  }

  public int size(Axis axis) {
    return dims.get(indexOf(axis)).size();
  }

  /** Product of the sizes of the axes from {@code fromIndex} (inclusive) to the last. */
  public int stride(int fromIndex) {
    return Math.toIntExact(product(fromIndex, dims.size()));
  }

  public long elements() {
    return product(0, dims.size());
  }

  /**
   * The product of the sizes of the axes outside of {@code axis}: a split along it is repeated for
   * each.
   */
  public int outer(Axis axis) {
    return Math.toIntExact(product(0, indexOf(axis)));
  }

  /**
   * The product of the sizes of the axes inside of {@code axis}: so many elements share an index of
   * it.
   */
  public int inner(Axis axis) {
    return stride(indexOf(axis) + 1);
  }

  /** Size in the deployed format in bytes, rounded up to a whole byte. */
  public long bytes() {
    long bits = Math.multiplyExact(elements(), (long) dtype.bits());
    return Math.addExact(bits, 7) / 8;
  }

  /** The same spec with another size of {@code axis}. */
  public Spec resized(Axis axis, int size) {
    int index = indexOf(axis);
    List<Dim> changed = new java.util.ArrayList<>(dims);
    changed.set(index, new Dim(axis, size));
    return new Spec(dtype, changed);
  }

  /** The same spec with {@code axis} as a new outermost axis. */
  public Spec stacked(Axis axis, int size) {
    List<Dim> changed = new java.util.ArrayList<>();
    changed.add(new Dim(axis, size));
    changed.addAll(dims);
    return new Spec(dtype, changed);
  }

  /**
   * Checks that the axes are exactly {@code expected}, in this order.
   *
   * @return this
   * @throws IllegalArgumentException naming {@code what}, the axes expected and the axes found
   */
  public Spec require(String what, Axis... expected) {
    boolean same = expected.length == dims.size();
    for (int i = 0; same && i < expected.length; i++) {
      same = dims.get(i).axis() == expected[i];
    }
    if (!same) {
      throw new IllegalArgumentException(
          what + ": expected axes " + List.of(expected) + ", got " + this);
    }
    return this;
  }

  private long product(int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product = Math.multiplyExact(product, (long) dims.get(i).size());
    }
    return product;
  }

  @Override
  public String toString() {
    return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", dtype + "[", "]"));
  }
}
