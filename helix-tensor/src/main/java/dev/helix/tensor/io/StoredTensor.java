package dev.helix.tensor.io;

import java.util.List;

/**
 * What a safetensors header says of one tensor.
 *
 * @param shape sizes from the outermost axis on; no axes for a scalar
 * @param begin offset of the first byte among the data, after the header
 * @param end offset after the last byte
 */
record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long end) {
  StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Number of elements, which fits: the header's reader has checked it. */
  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** {@code BF16[4, 8]}, for messages. */
  String described() {
    return type + shape.toString();
  }
}
