package dev.helix.tensor.trace;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.OptionalInt;

/**
 * A tensor without numbers: what it is, whose it is, and which operation has last written it.
 *
 * <p>For the thread of its rank. Only a {@link TraceRank} makes and writes them.
 */
public final class TraceTensor implements Tensor {
  private static final int NEVER = -1;

  private final Spec spec;
  private final int owner;
  private final List<Integer> partsWithTokens;
  private int writer;

  private TraceTensor(Spec spec, int owner, int writer, List<Integer> partsWithTokens) {
    this.spec = spec;
    this.owner = owner;
    this.writer = writer;
    this.partsWithTokens = partsWithTokens;
  }

  /** A tensor that is there before the step: a weight, a page of the cache. */
  static TraceTensor before(Spec spec, int owner) {
    return new TraceTensor(spec, owner, NEVER, List.of());
  }

  static TraceTensor writtenBy(int operation, Spec spec, int owner) {
    return new TraceTensor(spec, owner, operation, List.of());
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return owner;
  }

  /** Index of the operation of the step that has last written it; empty if none has. */
  public OptionalInt writer() {
    return writer == NEVER ? OptionalInt.empty() : OptionalInt.of(writer);
  }

  /**
   * Of a log-sum-exp, for each row of the batch how many of the parts of its sequence have tokens;
   * empty of anything else. The one thing about numbers that the work of a merge depends on, so it
   * travels with them.
   */
  public List<Integer> partsWithTokens() {
    return partsWithTokens;
  }

  /** The same tensor with what {@link #partsWithTokens} then says. */
  public TraceTensor withParts(List<Integer> parts) {
    return new TraceTensor(spec, owner, writer, List.copyOf(parts));
  }

  void write(int operation) {
    writer = operation;
  }
}
