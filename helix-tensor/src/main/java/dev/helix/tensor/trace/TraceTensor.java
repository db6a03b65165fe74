package dev.helix.tensor.trace;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tensor without numbers: what it is, whose it is, and which operations have last written it.
 *
 * <p>For the thread of its rank. Only a {@link TraceRank} makes and writes them.
 */
public final class TraceTensor implements Tensor {
  private final Spec spec;
  private final int owner;
  private final List<Integer> partsWithTokens;
  private List<Integer> writers;

  private TraceTensor(Spec spec, int owner, List<Integer> writers, List<Integer> partsWithTokens) {
    this.spec = spec;
    this.owner = owner;
    this.writers = writers;
    this.partsWithTokens = partsWithTokens;
  }

  /** A tensor that is there before the step: a weight, a page of the cache. */
  static TraceTensor before(Spec spec, int owner) {
    return new TraceTensor(spec, owner, List.of(), List.of());
  }

  static TraceTensor writtenBy(int operation, Spec spec, int owner) {
    return new TraceTensor(spec, owner, List.of(operation), List.of());
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return owner;
  }

  /** Rows of several tensors as one, written by whatever has written them. */
  static TraceTensor stacked(Spec spec, List<TraceTensor> parts) {
    List<Integer> writers =
        parts.stream().flatMap(part -> part.writers.stream()).distinct().toList();
    return new TraceTensor(spec, parts.get(0).owner, writers, List.of());
  }

  /**
   * Indices of the operations of the step that have last written it, of its rows if they are from
   * several; none of what was there before.
   */
  public List<Integer> writers() {
    return writers;
  }

  /** The same tensor, to be used when another is there too. */
  TraceTensor after(TraceTensor decision) {
    return new TraceTensor(
        spec,
        owner,
        Stream.concat(writers.stream(), decision.writers.stream()).distinct().toList(),
        partsWithTokens);
  }

  /** A part of its rows. */
  TraceTensor rows(Spec part, int from, int to) {
    List<Integer> parts =
        partsWithTokens.isEmpty() ? partsWithTokens : partsWithTokens.subList(from, to);
    return new TraceTensor(part, owner, writers, parts);
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
    return new TraceTensor(spec, owner, writers, List.copyOf(parts));
  }

  void write(int operation) {
    writers = List.of(operation);
  }
}
