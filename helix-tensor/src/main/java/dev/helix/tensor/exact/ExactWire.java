package dev.helix.tensor.exact;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts tensors of the {@code exact} reading to bytes and back. Finished numbers travel as
 * little-endian doubles, unfinished sums as their digits; the first byte says which.
 *
 * <p>{@link #sum} completes partial sums: it adds the digits of all ranks exactly and rounds once.
 * {@link #partialSum} adds and does not round.
 */
public final class ExactWire implements Wire<ExactTensor> {
  private static final byte FINISHED = 0;
  private static final byte UNFINISHED = 1;

  private final ExactRank rank;

  public ExactWire(ExactRank rank) {
    this.rank = rank;
  }

  @Override
  public ByteBuffer encode(ExactTensor tensor, Axis axis, int from, int to) {
    rank.requireOwn("encode", tensor);
    Spec spec = tensor.spec();
    int size = spec.size(axis);
    if (from < 0 || from > to || to > size) {
      throw rank.error("encode", "[%d, %d) of %s in %s".formatted(from, to, axis, spec));
    }
    return tensor.isUnfinished()
        ? encodeSums(tensor, axis, from, to)
        : encodeValues(tensor, axis, from, to);
  }

  @Override
  public ExactTensor decode(Spec spec, Axis axis, List<ByteBuffer> parts) {
    int size = spec.size(axis);
    if (parts.isEmpty() || size % parts.size() != 0) {
      throw rank.error(
          "decode", "%d parts do not divide %s of %s".formatted(parts.size(), axis, spec));
    }
    int share = size / parts.size();
    List<ByteBuffer> payloads = new ArrayList<>(parts.size());
    byte kind = FINISHED;
    for (int part = 0; part < parts.size(); part++) {
      ByteBuffer payload = parts.get(part).slice().order(ByteOrder.LITTLE_ENDIAN);
      byte own = payload.get();
      if (part > 0 && own != kind) {
        throw rank.error("decode", "expected all parts of " + spec + " rounded, or none");
      }
      kind = own;
      payloads.add(payload);
    }
    ExactTensor tensor =
        kind == FINISHED
            ? decodeValues(spec, axis, share, payloads)
            : decodeSums(spec, axis, share, payloads);
    for (ByteBuffer payload : payloads) {
      if (payload.hasRemaining()) {
        throw rank.error("decode", "a part of %s has too many bytes".formatted(spec));
      }
    }
    return tensor;
  }

  /** The exact sum, rounded once. It does not depend on the order of {@code parts}. */
  @Override
  public ExactTensor sum(Spec spec, List<ByteBuffer> parts) {
    return rank.rounded("sum", spec, totals(spec, parts));
  }

  /** The exact sum, not rounded. */
  @Override
  public ExactTensor partialSum(Spec spec, List<ByteBuffer> parts) {
    return rank.unfinished(spec, totals(spec, parts));
  }

  private List<ExactSums> totals(Spec spec, List<ByteBuffer> parts) {
    int run = ExactTensor.runLength(spec);
    int runs = run == 0 ? 0 : Math.toIntExact(spec.elements() / run);
    List<ExactSums> totals = new ArrayList<>(runs);
    for (int i = 0; i < runs; i++) {
      totals.add(new ExactSums(run));
    }
    for (ByteBuffer part : parts) {
      ExactTensor term = decode(spec, spec.dims().get(0).axis(), List.of(part));
      for (int i = 0; i < runs; i++) {
        if (term.isUnfinished()) {
          totals.get(i).add(term.sums("sum").get(i));
        } else {
          addValues(totals.get(i), term.values("sum"), i * run);
        }
      }
    }
    return totals;
  }

  private static void addValues(ExactSums sums, double[] values, int from) {
    for (int k = 0; k < sums.size(); k++) {
      sums.add(k, values[from + k], 0);
    }
  }

  private static ByteBuffer encodeValues(ExactTensor tensor, Axis axis, int from, int to) {
    Spec spec = tensor.spec();
    double[] values = tensor.values("encode");
    int outer = spec.outer(axis);
    int run = (to - from) * spec.inner(axis);
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.addExact(1, Math.multiplyExact(Double.BYTES, outer * run)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(FINISHED);
    for (int block = 0; block < outer; block++) {
      int start = (block * spec.size(axis) + from) * spec.inner(axis);
      for (int i = 0; i < run; i++) {
        buffer.putDouble(values[start + i]);
      }
    }
    return buffer.flip();
  }

  private ExactTensor decodeValues(Spec spec, Axis axis, int share, List<ByteBuffer> payloads) {
    double[] values = new double[Math.toIntExact(spec.elements())];
    int run = share * spec.inner(axis);
    for (int part = 0; part < payloads.size(); part++) {
      requireBytes(spec, payloads.get(part), (long) Double.BYTES * spec.outer(axis) * run);
      for (int block = 0; block < spec.outer(axis); block++) {
        int start = (block * payloads.size() + part) * run;
        for (int i = 0; i < run; i++) {
          values[start + i] = payloads.get(part).getDouble();
        }
      }
    }
    return rank.tensor(spec, values);
  }

  /** Writes whole runs if another axis is cut, and a cut of each run if the innermost axis is. */
  private static ByteBuffer encodeSums(ExactTensor tensor, Axis axis, int from, int to) {
    Spec spec = tensor.spec();
    int length = ExactTensor.runLength(spec);
    boolean innermost = spec.indexOf(axis) == spec.axisCount() - 1;
    int runsFor1 = innermost ? 1 : spec.inner(axis) / length;
    int first = innermost ? 0 : from * runsFor1;
    int end = innermost ? 1 : to * runsFor1;
    int runsForAll = innermost ? 1 : spec.size(axis) * runsFor1;
    SumsCodec.Writer writer =
        innermost ? new SumsCodec.Writer(from, to) : new SumsCodec.Writer(0, length);
    for (int block = 0; block < spec.outer(axis); block++) {
      for (int i = first; i < end; i++) {
        writer.add(tensor.sums("encode").get(block * runsForAll + i));
      }
    }
    return writer.finish(UNFINISHED);
  }

  private ExactTensor decodeSums(Spec spec, Axis axis, int share, List<ByteBuffer> payloads) {
    int length = ExactTensor.runLength(spec);
    boolean innermost = spec.indexOf(axis) == spec.axisCount() - 1;
    List<ExactSums> sums = new ArrayList<>();
    for (int block = 0; block < spec.outer(axis); block++) {
      if (innermost) {
        ExactSums run = new ExactSums(length);
        for (int part = 0; part < payloads.size(); part++) {
          SumsCodec.read(payloads.get(part), run, part * share, share);
        }
        sums.add(run);
      } else {
        int runs = share * (spec.inner(axis) / length);
        for (ByteBuffer payload : payloads) {
          for (int i = 0; i < runs; i++) {
            ExactSums run = new ExactSums(length);
            SumsCodec.read(payload, run, 0, length);
            sums.add(run);
          }
        }
      }
    }
    return rank.unfinished(spec, sums);
  }

  private void requireBytes(Spec spec, ByteBuffer payload, long expected) {
    if (payload.remaining() != expected) {
      throw rank.error(
          "decode",
          "a part of %s has %d bytes, expected %d".formatted(spec, payload.remaining(), expected));
    }
  }
}
