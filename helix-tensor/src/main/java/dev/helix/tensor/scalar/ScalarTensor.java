package dev.helix.tensor.scalar;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.Arrays;

/**
 * A tensor whose numbers are objects of an {@link Arithmetic}, row-major.
 *
 * <p>An element may also be no number, in two ways. It is <em>unset</em> until it is first written,
 * and reading it is an error. So a kernel that reads behind the end of a cache is always noticed,
 * which it would not be if the cache were filled with some number, or with a NaN that a maximum
 * skips. And an element may be <em>−∞</em>, the log-sum-exp of no tokens. Many arithmetics lack it,
 * and no kernel may compute with it.
 *
 * <p>Not for use by several threads, except for {@linkplain ScalarConstants constants}.
 *
 * @param <S> a number
 */
public final class ScalarTensor<S> implements Tensor {
  private final Spec spec;
  private final int owner;
  private final Object[] cells;
  private final boolean constant;

  private ScalarTensor(Spec spec, int owner, Object[] cells, boolean constant) {
    this.spec = spec;
    this.owner = owner;
    this.cells = cells;
    this.constant = constant;
  }

  /** Creates a tensor that can be written, all of whose elements are unset. */
  static <S> ScalarTensor<S> unset(Spec spec, int owner) {
    Object[] cells = new Object[Math.toIntExact(spec.elements())];
    Arrays.fill(cells, Absent.UNSET);
    return new ScalarTensor<>(spec, owner, cells, false);
  }

  /**
   * Creates a tensor that can only be read. −∞ is kept; NaN and +∞, which no kernel should ever
   * read, become unset elements.
   *
   * @param doubles as many as {@code spec} has elements
   */
  static <S> ScalarTensor<S> constant(
      Spec spec, int owner, double[] doubles, Arithmetic<S> arithmetic) {
    Object[] cells = new Object[doubles.length];
    for (int i = 0; i < cells.length; i++) {
      if (Double.isFinite(doubles[i])) {
        cells[i] = arithmetic.of(doubles[i]);
      } else {
        boolean negative = doubles[i] == Double.NEGATIVE_INFINITY;
        cells[i] = negative ? Absent.NEGATIVE_INFINITY : Absent.UNSET;
      }
    }
    return new ScalarTensor<>(spec, owner, cells, true);
  }

  /**
   * Copies elements of another tensor to index {@code at} and those after it, unset ones and −∞
   * included.
   */
  void copy(ScalarTensor<S> from, int fromIndex, int at, int count) {
    if (constant) {
      throw new IllegalStateException(this + " is a constant and cannot be written to");
    }
    System.arraycopy(from.cells, fromIndex, cells, at, count);
  }

  /** A constant of another rank with the numbers of this constant. */
  ScalarTensor<S> sharedWith(int rank, Spec otherSpec) {
    return new ScalarTensor<>(otherSpec, rank, cells, constant);
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return owner;
  }

  /**
   * The number at a row-major index.
   *
   * @throws IllegalStateException if the element is unset or −∞
   */
  public S get(int index) {
    Object cell = cells[index];
    if (cell instanceof Absent) {
      throw new IllegalStateException(
          "element %d of %s is %s, expected a number".formatted(index, this, cell));
    }
    @SuppressWarnings("unchecked") // Only set() puts anything else than Absent, and it takes an S.
    S number = (S) cell;
    return number;
  }

  /**
   * Whether an element is −∞.
   *
   * @throws IllegalStateException if it is unset
   */
  public boolean isNegativeInfinity(int index) {
    if (cells[index] == Absent.NEGATIVE_INFINITY) {
      return true;
    }
    get(index);
    return false;
  }

  /**
   * Writes a number.
   *
   * @throws IllegalStateException if this is a constant
   */
  public void set(int index, S number) {
    put(index, number);
  }

  /**
   * Writes −∞.
   *
   * @throws IllegalStateException if this is a constant
   */
  public void setNegativeInfinity(int index) {
    put(index, Absent.NEGATIVE_INFINITY);
  }

  private void put(int index, Object cell) {
    if (constant) {
      throw new IllegalStateException(this + " is a constant and cannot be written to");
    }
    cells[index] = cell;
  }

  @Override
  public String toString() {
    return spec + " of rank " + owner;
  }

  private enum Absent {
    UNSET("unset"),
    NEGATIVE_INFINITY("−∞");

    private final String words;

    Absent(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
