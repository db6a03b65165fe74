package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Wire;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Doubles on the wire. Behind each payload this rank adds as many idle bytes as its number says, so
 * that lengths differ between ranks, as those of exact states do.
 */
final class PlainWire implements Wire<PlainTensor> {
  private final int rank;

  PlainWire(int rank) {
    this.rank = rank;
  }

  @Override
  public ByteBuffer encode(PlainTensor tensor, Axis axis, int from, int to) {
    Spec spec = tensor.spec();
    int inner = spec.inner(axis);
    int size = spec.size(axis);
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * spec.outer(axis) * (to - from) * inner + rank);
    for (int outer = 0; outer < spec.outer(axis); outer++) {
      for (int i = (outer * size + from) * inner; i < (outer * size + to) * inner; i++) {
        bytes.putDouble(tensor.value(i));
      }
    }
    return bytes.rewind();
  }

  @Override
  public PlainTensor decode(Spec spec, Axis axis, List<ByteBuffer> parts) {
    double[] values = new double[Math.toIntExact(spec.elements())];
    int run = spec.size(axis) / parts.size() * spec.inner(axis);
    for (int outer = 0; outer < spec.outer(axis); outer++) {
      for (int part = 0; part < parts.size(); part++) {
        for (int i = 0; i < run; i++) {
          values[(outer * parts.size() + part) * run + i] = parts.get(part).getDouble();
        }
      }
    }
    return new PlainTensor(spec, rank, values);
  }

  @Override
  public PlainTensor sum(Spec spec, List<ByteBuffer> parts) {
    double[] sum = new double[Math.toIntExact(spec.elements())];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = parts.get(0).getDouble();
      for (ByteBuffer part : parts.subList(1, parts.size())) {
        sum[i] += part.getDouble();
      }
    }
    return new PlainTensor(spec, rank, sum);
  }
}
