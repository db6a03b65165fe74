package dev.helix.tensor.fp64;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.List;

/**
 * Converts tensors of the {@code fp64} reading to bytes and back: their numbers as little-endian
 * doubles.
 */
public final class Fp64Wire implements Wire<Fp64Tensor> {
  private final Fp64Rank rank;

  public Fp64Wire(Fp64Rank rank) {
    this.rank = rank;
  }

  @Override
  public ByteBuffer encode(Fp64Tensor tensor, Axis axis, int from, int to) {
    rank.requireOwn("encode", tensor);
    int size = tensor.spec().size(axis);
    if (from < 0 || from > to || to > size) {
      throw new IllegalArgumentException(
          "encode: [%d, %d) of %s in %s".formatted(from, to, axis, tensor.spec()));
    }
    int outer = tensor.spec().outer(axis);
    int inner = tensor.spec().inner(axis);
    int run = Math.multiplyExact(to - from, inner);
    long bytes = (long) outer * run * Double.BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    if (run == 0) {
      return buffer;
    }
    DoubleBuffer values = buffer.asDoubleBuffer();
    double[][] copied = new double[1][run];
    for (int block = 0; block < outer; block++) {
      long start = ((long) block * size + from) * inner;
      tensor.region().copyRows(start, run, copied, 1, run);
      values.put(copied[0]);
    }
    return buffer;
  }

  @Override
  public Fp64Tensor decode(Spec spec, Axis axis, List<ByteBuffer> parts) {
    Fp64Tensor tensor = rank.allocate(spec);
    int size = spec.size(axis);
    int inner = spec.inner(axis);
    int outer = spec.outer(axis);
    int share = requireDivisible(spec, axis, parts.size());
    for (int part = 0; part < parts.size(); part++) {
      DoubleBuffer values = doubles(spec, parts.get(part), (long) outer * share * inner);
      for (int block = 0; block < outer; block++) {
        long start = ((long) block * size + (long) part * share) * inner;
        for (int i = 0; i < share * inner; i++) {
          tensor.region().set(start + i, values.get());
        }
      }
    }
    return tensor;
  }

  /** {@inheritDoc} The parts are added one after the other: ((p₀ + p₁) + p₂) + … */
  @Override
  public Fp64Tensor sum(Spec spec, List<ByteBuffer> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("sum of no parts: " + spec);
    }
    double[] sums = new double[Math.toIntExact(spec.elements())];
    doubles(spec, parts.get(0), sums.length).get(sums);
    for (ByteBuffer part : parts.subList(1, parts.size())) {
      DoubleBuffer values = doubles(spec, part, sums.length);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += values.get(i);
      }
    }
    Fp64Tensor sum = rank.allocate(spec);
    for (int i = 0; i < sums.length; i++) {
      sum.region().set(i, sums[i]);
    }
    return sum;
  }

  private static int requireDivisible(Spec spec, Axis axis, int parts) {
    int size = spec.size(axis);
    if (parts == 0 || size % parts != 0) {
      throw new IllegalArgumentException(
          "decode: %d parts do not divide %s of %s".formatted(parts, axis, spec));
    }
    return size / parts;
  }

  private static DoubleBuffer doubles(Spec spec, ByteBuffer part, long expected) {
    if (part.remaining() != expected * Double.BYTES) {
      throw new IllegalArgumentException(
          "%s: a part of %d bytes arrived, expected %d"
              .formatted(spec, part.remaining(), expected * Double.BYTES));
    }
    return part.duplicate().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
  }
}
