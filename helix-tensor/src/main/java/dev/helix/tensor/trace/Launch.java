package dev.helix.tensor.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * One launch on the compute stream.
 *
 * @param kind the operation of the vocabulary that is launched
 * @param stated the place and the purpose that the program gave to it
 * @param work what it reads, writes and computes
 */
public record Launch(int index, LaunchKind kind, Stated stated, Work work, List<Integer> after)
    implements Operation {
  public Launch {
    after = Operation.earlier(index, kind.operation(), after);
  }

  @Override
  public Object content() {
    return work;
  }

  @Override
  public String name() {
    return kind.operation();
  }

  @Override
  public Launch later(int by, Place newPlace) {
    return new Launch(index + by, kind, stated.at(newPlace), work, Operation.later(after, by));
  }

  /** The specs of what the launch reads from HBM. */
  public List<Spec> reads() {
    return work.reads();
  }

  /** The specs of what the launch writes to HBM. */
  public List<Spec> writes() {
    return work.writes();
  }

  /** The declared FLOPs; a multiply-add is two. */
  public long flops() {
    return work.flops();
  }

  /** The number format whose peak bounds the FLOPs. */
  public DType arithmetic() {
    return work.arithmetic();
  }

  /** The bytes that cross HBM, without what a format adds to its elements (block scales). */
  public long hbmBytes() {
    return work.hbmBytes();
  }
}
