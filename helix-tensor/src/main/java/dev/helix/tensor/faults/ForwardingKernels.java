package dev.helix.tensor.faults;

import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * Kernels that forward every call. A fault extends this class and overrides what it changes.
 *
 * @param <T> the tensor type of the reading
 */
public class ForwardingKernels<T extends Tensor> implements Kernels<T> {
  private final Kernels<T> healthy;

  /**
   * Forwards every call to other kernels.
   *
   * @param healthy the kernels of the same rank
   */
  protected ForwardingKernels(Kernels<T> healthy) {
    this.healthy = healthy;
  }

  /** The kernels that calls are forwarded to. */
  protected final Kernels<T> healthy() {
    return healthy;
  }

  @Override
  public int rank() {
    return healthy.rank();
  }

  @Override
  public T constant(Spec spec, WeightSlice slice) {
    return healthy.constant(spec, slice);
  }

  @Override
  public T embed(T table, int[] tokens) {
    return healthy.embed(table, tokens);
  }

  @Override
  public T rmsNorm(Purpose purpose, T x, T weight, double epsilon) {
    return healthy.rmsNorm(purpose, x, weight, epsilon);
  }

  @Override
  public T linear(Purpose purpose, T x, T weight) {
    return healthy.linear(purpose, x, weight);
  }

  @Override
  public T partialLinear(Purpose purpose, T x, T weight) {
    return healthy.partialLinear(purpose, x, weight);
  }

  @Override
  public T add(Purpose purpose, T x, T y) {
    return healthy.add(purpose, x, y);
  }

  @Override
  public T partialAdd(Purpose purpose, T x, T y) {
    return healthy.partialAdd(purpose, x, y);
  }

  @Override
  public T selectRows(Purpose purpose, T x, int[] rows) {
    return healthy.selectRows(purpose, x, rows);
  }

  @Override
  public T rows(T x, int from, int to) {
    return healthy.rows(x, from, to);
  }

  @Override
  public T stackRows(List<T> parts) {
    return healthy.stackRows(parts);
  }

  @Override
  public T after(T x, T decision) {
    return healthy.after(x, decision);
  }

  @Override
  public double[] toHost(T x) {
    return healthy.toHost(x);
  }
}
