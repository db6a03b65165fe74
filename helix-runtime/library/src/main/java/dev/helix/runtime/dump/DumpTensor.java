package dev.helix.runtime.dump;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a dump whose meaning is known.
 *
 * @param axes what each axis of {@code data} is, from the outermost on
 * @param axesAreCertain whether only these axes fit the sizes; if not, other orders fit as well,
 *     such as {@code [heads, batch]} where the two sizes are equal
 * @param data the elements, which are read when they are asked for
 */
public record DumpTensor(
    Role role, List<DumpAxis> axes, boolean axesAreCertain, Coordinates of, FileTensor data) {
  public DumpTensor {
    axes = List.copyOf(axes);
    if (axes.size() != data.axes()) {
      throw new IllegalArgumentException("expected axes for %s, got %s".formatted(data, axes));
    }
  }

  /** Whether the tensor has an axis. */
  public boolean has(DumpAxis axis) {
    return axes.contains(axis);
  }

  /**
   * The size of an axis.
   *
   * @throws InvalidInputException if the tensor has no such axis
   */
  public long size(DumpAxis axis) {
    return data.size(place(axis));
  }

  /**
   * The same elements with the axes in the order given, which has to name each of them once.
   *
   * @throws InvalidInputException if the tensor has other axes
   */
  public DumpTensor in(DumpAxis... order) {
    if (order.length != axes.size()) {
      throw unexpected(List.of(order).toString());
    }
    int[] places = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      places[i] = place(order[i]);
    }
    return new DumpTensor(role, List.of(order), axesAreCertain, of, data.permuted(places));
  }

  /** The part at one index of an axis, which is gone in the result. */
  public DumpTensor slice(DumpAxis axis, long index) {
    int place = place(axis);
    List<DumpAxis> left = new ArrayList<>(axes);
    left.remove(place);
    return new DumpTensor(role, left, axesAreCertain, of, data.slice(place, index));
  }

  /** The same elements read with other axes, as the convention of the dump may say. */
  public DumpTensor withAxes(List<DumpAxis> other) {
    return new DumpTensor(role, other, true, of, data);
  }

  /** The tensor in another role. */
  public DumpTensor as(Role other) {
    return new DumpTensor(other, axes, axesAreCertain, of, data);
  }

  private int place(DumpAxis axis) {
    int place = axes.indexOf(axis);
    if (place < 0) {
      throw unexpected(axis.toString());
    }
    return place;
  }

  private InvalidInputException unexpected(String expected) {
    return new InvalidInputException(
        "%s: %s: axes: expected %s, got %s %s"
            .formatted(data.described(), role, expected, axes, data.shape()));
  }
}
