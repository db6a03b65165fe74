package dev.helix.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * How a reading's tensors cross between ranks: as bytes, so that no rank ever holds a reference to
 * another's memory, and so that a transport between processes can carry them. Exact readings send
 * their unrounded state.
 *
 * @param <T> the reading's tensor
 */
public interface Wire<T extends Tensor> {
  /**
   * The indices {@code [from, to)} of {@code axis}, with everything on the other axes, in row-major
   * order.
   */
  ByteBuffer encode(T tensor, Axis axis, int from, int to);

  /**
   * The tensor of {@code spec} whose consecutive equal blocks along {@code axis} are {@code parts}.
   *
   * @throws IllegalArgumentException if the parts do not hold exactly the elements of {@code spec}
   */
  T decode(Spec spec, Axis axis, List<ByteBuffer> parts);

  /** The sum of the tensors of {@code spec} in {@code parts}, added in that order. */
  T sum(Spec spec, List<ByteBuffer> parts);

  /**
   * The same sum as a term of one that goes on ({@link Collectives#partialAllReduce}). Apart from
   * {@link #sum} because a reading may leave it unrounded; one that rounds has no difference to
   * make.
   */
  default T partialSum(Spec spec, List<ByteBuffer> parts) {
    return sum(spec, parts);
  }
}
