package dev.helix.tensor.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Purpose;
import java.util.ArrayList;
import java.util.List;

/**
 * A launch whose parts are being put together. {@link #writing} or {@link #writingInPlace} ends it.
 */
public final class PendingLaunch {
  private final TraceRank rank;
  private final LaunchKind kind;
  private final Purpose purpose;
  private final List<TraceTensor> operands;
  private final List<Spec> reads = new ArrayList<>();
  private long flops;
  private DType arithmetic;

  PendingLaunch(TraceRank rank, LaunchKind kind, Purpose purpose, List<TraceTensor> operands) {
    this.rank = rank;
    this.kind = kind;
    this.purpose = purpose;
    this.operands = new ArrayList<>(operands);
    this.arithmetic = operands.isEmpty() ? DType.F32 : operands.get(0).spec().dtype();
  }

  /** An operand of which something is read or that must have been written before. */
  public PendingLaunch waitingFor(TraceTensor operand) {
    rank.requireOwn(kind.operation(), operand);
    operands.add(operand);
    return this;
  }

  /** A whole operand is read from HBM. */
  public PendingLaunch reading(TraceTensor operand) {
    return reading(operand.spec());
  }

  /** The part of an operand that is read from HBM. */
  public PendingLaunch reading(Spec part) {
    reads.add(part);
    return this;
  }

  /** What a counting reading counts for it: a multiply-add is two. */
  public PendingLaunch flops(long declared) {
    this.flops = declared;
    return this;
  }

  /** The precision whose peak bounds the FLOPs, if it is not that of the first operand. */
  public PendingLaunch in(DType precision) {
    this.arithmetic = precision;
    return this;
  }

  /** Ends it with one new tensor. */
  public TraceTensor writing(Spec result) {
    return writingAll(List.of(result)).get(0);
  }

  /** Ends it with several new tensors. */
  public List<TraceTensor> writingAll(List<Spec> results) {
    int index = add(results);
    List<TraceTensor> written = new ArrayList<>(results.size());
    for (Spec result : results) {
      written.add(TraceTensor.writtenBy(index, result, rank.rank()));
    }
    return written;
  }

  /**
   * Ends it with parts of tensors that are there already.
   *
   * @param targets what later readers have to wait for
   * @param parts what is written of them
   */
  public void writingInPlace(List<TraceTensor> targets, List<Spec> parts) {
    targets.forEach(target -> rank.requireOwn(kind.operation(), target));
    int index = add(parts);
    targets.forEach(target -> target.write(index));
  }

  private int add(List<Spec> writes) {
    return rank.add(kind, purpose, new Work(reads, writes, flops, arithmetic), operands);
  }
}
