package dev.helix.tensor.trace;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tensor without numbers: its spec, its owner, and the operations that have last written it.
 *
 * <p>For the thread of its rank. Only a {@link TraceRank} makes and writes such tensors.
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

  /** Creates a tensor that exists before the step: a weight or a page of the cache. */
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

  /** Creates the tensor that has the rows of several others. Its writers are all their writers. */
  static TraceTensor stacked(Spec spec, List<TraceTensor> parts) {
    List<Integer> writers =
        parts.stream().flatMap(part -> part.writers.stream()).distinct().toList();
    return new TraceTensor(spec, parts.get(0).owner, writers, List.of());
  }

  /**
   * The indices of the operations of the step that have last written the tensor. There are several
   * if its rows come from several operations, and none if it existed before the step.
   */
  public List<Integer> writers() {
    return writers;
  }

  /** The same tensor, for an operation that must also wait for {@code decision}. */
  TraceTensor after(TraceTensor decision) {
    return new TraceTensor(
        spec,
        owner,
        Stream.concat(writers.stream(), decision.writers.stream()).distinct().toList(),
        partsWithTokens);
  }

  /** The same tensor with fewer indices of an axis. */
  TraceTensor resized(Axis axis, int size) {
    return new TraceTensor(spec.resized(axis, size), owner, writers, partsWithTokens);
  }

  /** Some rows of the tensor. */
  TraceTensor rows(Spec part, int from, int to) {
    List<Integer> parts =
        partsWithTokens.isEmpty() ? partsWithTokens : partsWithTokens.subList(from, to);
    return new TraceTensor(part, owner, writers, parts);
  }

  /**
   * Number of parts of the sequence that have tokens, for each row of the batch, if the tensor is a
   * log-sum-exp. Empty for any other tensor. The work of a merge depends on these numbers, so they
   * travel with the tensor.
   */
  public List<Integer> partsWithTokens() {
    return partsWithTokens;
  }

  /** The same tensor with these numbers of {@link #partsWithTokens}. */
  public TraceTensor withParts(List<Integer> parts) {
    return new TraceTensor(spec, owner, writers, List.copyOf(parts));
  }

  void write(int operation) {
    writers = List.of(operation);
  }
}
