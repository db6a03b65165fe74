package dev.helix.tensor.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Purpose;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a launch step by step. {@link #writing}, {@link #writingAll} or {@link #writingInPlace}
 * ends it and adds it to the trace.
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

  /**
   * Adds an operand that the launch has to wait for. The part of the operand that it reads is added
   * separately.
   */
  public PendingLaunch waitingFor(TraceTensor operand) {
    rank.requireOwn(kind.operation(), operand);
    operands.add(operand);
    return this;
  }

  /** Adds an operand that the launch waits for and reads whole from HBM. */
  public PendingLaunch reading(TraceTensor operand) {
    return reading(operand.spec());
  }

  /** Adds the part of an operand that the launch reads from HBM. */
  public PendingLaunch reading(Spec part) {
    reads.add(part);
    return this;
  }

  /** Sets the FLOPs, which must be what a counting reading counts; a multiply-add is two. */
  public PendingLaunch flops(long declared) {
    this.flops = declared;
    return this;
  }

  /** Sets the number format whose peak bounds the FLOPs, if it is not that of the first operand. */
  public PendingLaunch in(DType precision) {
    this.arithmetic = precision;
    return this;
  }

  /** Ends the launch, which writes one new tensor. */
  public TraceTensor writing(Spec result) {
    return writingAll(List.of(result)).get(0);
  }

  /** Ends the launch, which writes several new tensors. */
  public List<TraceTensor> writingAll(List<Spec> results) {
    int index = add(results);
    List<TraceTensor> written = new ArrayList<>(results.size());
    for (Spec result : results) {
      written.add(rank.result(index, result));
    }
    return written;
  }

  /**
   * Ends the launch, which writes parts of existing tensors.
   *
   * @param targets the tensors, for which later readers have to wait
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
