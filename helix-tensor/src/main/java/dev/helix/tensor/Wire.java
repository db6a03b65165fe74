package dev.helix.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Converts a reading's tensors to the bytes that cross between ranks, and back. So no rank ever
 * holds a reference to another's memory, and a transport between processes can carry the bytes.
 * Exact readings send their unrounded state.
 *
 * @param <T> the tensor type of the reading
 */
public interface Wire<T extends Tensor> {
  /**
   * The bytes of the part of {@code tensor} that has the indices {@code [from, to)} of {@code
   * axis}, with all indices of the other axes, in row-major order.
   */
  ByteBuffer encode(T tensor, Axis axis, int from, int to);

  /**
   * Puts a tensor of {@code spec} together from {@code parts}, which are its consecutive equal
   * blocks along {@code axis}.
   *
   * @throws IllegalArgumentException if the parts do not hold exactly the elements of {@code spec}
   */
  T decode(Spec spec, Axis axis, List<ByteBuffer> parts);

  /** The sum of tensors of {@code spec}, one in each of {@code parts}, added in that order. */
  T sum(Spec spec, List<ByteBuffer> parts);

  /**
   * The same sum where it is itself one term of a larger sum ({@link
   * Collectives#partialAllReduce}). A reading may leave it unrounded; one that rounds every sum
   * does the same as in {@link #sum}.
   */
  default T partialSum(Spec spec, List<ByteBuffer> parts) {
    return sum(spec, parts);
  }
}
