package dev.helix.tensor.io;

import java.util.List;

/**
 * The entry of a safetensors header for one tensor.
 *
 * @param shape sizes from the outermost axis on; no axes for a scalar
 * @param begin offset of the first byte, counted from the end of the header
 * @param end offset behind the last byte, counted in the same way
 */
record StoredTensor(String name, ElementType type, List<Long> shape, long begin, long end) {
  StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Number of elements. It fits a {@code long}, as the reader of the header has checked. */
  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Type and shape for messages, {@code BF16[4, 8]}. */
  String described() {
    return type + shape.toString();
  }
}
