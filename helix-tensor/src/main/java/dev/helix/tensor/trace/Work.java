package dev.helix.tensor.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import java.util.List;

/**
 * The work that a launch asks of a GPU: the bytes that it moves and the FLOPs that it computes.
 *
 * @param reads the specs of what is read from HBM: the part of each operand that is read, in its
 *     deployed dtype (the visible tokens of a cache, the picked rows of an embedding)
 * @param writes the specs of what is written to HBM
 * @param flops declared FLOPs, equal to what a counting reading counts; a multiply-add is two
 * @param arithmetic the number format whose peak bounds the FLOPs
 */
public record Work(List<Spec> reads, List<Spec> writes, long flops, DType arithmetic) {
  public Work {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    if (flops < 0) {
      throw new IllegalArgumentException(flops + " FLOPs declared, expected >= 0");
    }
  }

  /** The bytes that cross HBM, without what a format adds to its elements (block scales). */
  public long hbmBytes() {
    return Math.addExact(Operation.bytes(reads), Operation.bytes(writes));
  }
}
