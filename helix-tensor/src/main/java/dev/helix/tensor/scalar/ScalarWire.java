package dev.helix.tensor.scalar;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts scalar tensors to bytes and back. Each element is its length in bytes (big-endian, in 4
 * bytes), and then what its arithmetic makes of it. −∞ has the length −1. Unset elements cannot
 * cross.
 *
 * @param <S> a number
 */
public final class ScalarWire<S> implements Wire<ScalarTensor<S>> {
  private static final int NEGATIVE_INFINITY = -1;

  private final ScalarRank<S> rank;
  private final Arithmetic<S> arithmetic;

  public ScalarWire(ScalarRank<S> rank) {
    this.rank = rank;
    this.arithmetic = rank.arithmetic();
  }

  @Override
  public ByteBuffer encode(ScalarTensor<S> tensor, Axis axis, int from, int to) {
    rank.requireOwn("encode", tensor);
    int size = tensor.spec().size(axis);
    if (from < 0 || from > to || to > size) {
      throw rank.error("encode", "[%d, %d) of %s in %s".formatted(from, to, axis, tensor.spec()));
    }
    int inner = tensor.spec().inner(axis);
    List<byte[]> elements = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    int total = 0;
    for (int block = 0; block < tensor.spec().outer(axis); block++) {
      for (int i = (block * size + from) * inner; i < (block * size + to) * inner; i++) {
        boolean infinite = tensor.isNegativeInfinity(i);
        byte[] element = infinite ? new byte[0] : arithmetic.encode(tensor.get(i));
        elements.add(element);
        lengths.add(infinite ? NEGATIVE_INFINITY : element.length);
        total = Math.addExact(total, Integer.BYTES + element.length);
      }
    }
    ByteBuffer buffer = ByteBuffer.allocate(total);
    for (int i = 0; i < elements.size(); i++) {
      buffer.putInt(lengths.get(i)).put(elements.get(i));
    }
    return buffer.flip();
  }

  @Override
  public ScalarTensor<S> decode(Spec spec, Axis axis, List<ByteBuffer> parts) {
    int size = spec.size(axis);
    if (parts.isEmpty() || size % parts.size() != 0) {
      throw rank.error(
          "decode", "%d parts do not divide %s of %s".formatted(parts.size(), axis, spec));
    }
    int share = size / parts.size();
    int inner = spec.inner(axis);
    ScalarTensor<S> tensor = rank.allocate(spec);
    for (int part = 0; part < parts.size(); part++) {
      ByteBuffer bytes = parts.get(part).slice();
      for (int block = 0; block < spec.outer(axis); block++) {
        int start = (block * size + part * share) * inner;
        for (int i = 0; i < share * inner; i++) {
          read(bytes, tensor, start + i);
        }
      }
      if (bytes.hasRemaining()) {
        throw rank.error(
            "decode",
            "a part of %s has %d bytes, expected %d"
                .formatted(spec, bytes.limit(), bytes.position()));
      }
    }
    return tensor;
  }

  /** {@inheritDoc} The parts are added one after the other: ((p₀ + p₁) + p₂) + … */
  @Override
  public ScalarTensor<S> sum(Spec spec, List<ByteBuffer> parts) {
    if (parts.isEmpty()) {
      throw rank.error("sum", "expected at least one part for " + spec);
    }
    ScalarTensor<S> sum = whole(spec, parts.get(0));
    for (ByteBuffer part : parts.subList(1, parts.size())) {
      ScalarTensor<S> term = whole(spec, part);
      for (int i = 0; i < spec.elements(); i++) {
        sum.set(i, arithmetic.add(sum.get(i), term.get(i)));
      }
    }
    return sum;
  }

  private ScalarTensor<S> whole(Spec spec, ByteBuffer part) {
    return decode(spec, spec.dims().get(0).axis(), List.of(part));
  }

  private void read(ByteBuffer bytes, ScalarTensor<S> tensor, int index) {
    int length = bytes.remaining() < Integer.BYTES ? Integer.MAX_VALUE : bytes.getInt();
    if (length == NEGATIVE_INFINITY) {
      tensor.setNegativeInfinity(index);
      return;
    }
    if (length < 0 || length > bytes.remaining()) {
      throw rank.error(
          "decode",
          "a part of %s has %d bytes, expected more: they end within element %d"
              .formatted(tensor.spec(), bytes.limit(), index));
    }
    byte[] element = new byte[length];
    bytes.get(element);
    tensor.set(index, arithmetic.decode(element));
  }
}
