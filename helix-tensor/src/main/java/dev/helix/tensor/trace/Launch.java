package dev.helix.tensor.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import java.util.List;

/**
 * One launch on the compute stream.
 *
 * @param reads what is read from HBM: the part of each operand that is read, in its deployed dtype
 *     (of a cache the visible tokens, of an embedding the rows picked)
 * @param writes what is written to HBM
 * @param flops declared; a multiply-add is two. Equal to what a counting reading counts
 * @param arithmetic the precision whose peak bounds the FLOPs
 */
public record Launch(
    int index,
    String name,
    String place,
    Phase phase,
    List<Spec> reads,
    List<Spec> writes,
    long flops,
    DType arithmetic,
    List<Integer> after)
    implements Operation {
  public Launch {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    after = Operation.earlier(index, name, after);
    if (flops < 0) {
      throw new IllegalArgumentException(name + " declares " + flops + " FLOPs, expected >= 0");
    }
  }

  @Override
  public Launch later(int by, String newPlace) {
    return new Launch(
        index + by,
        name,
        newPlace,
        phase,
        reads,
        writes,
        flops,
        arithmetic,
        Operation.later(after, by));
  }

  /** Bytes that cross HBM, without what a format adds to its elements (block scales). */
  public long hbmBytes() {
    return Math.addExact(Operation.bytes(reads), Operation.bytes(writes));
  }
}
