package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Operation;
import java.util.List;
import java.util.Map;

/**
 * The most memory that results of operations take at once in a step. A result is held from the
 * operation that makes it to the last one that reads it; no operation writes over its operands, and
 * results that are never read are held while they are made. The pieces into which HOP-B splits an
 * operation count as the operation, as any of them can be under way when another one starts.
 *
 * @param activations number of elements in each number format of what launches have written, where
 *     they have most bytes
 * @param received the same of what has arrived from other ranks
 */
public record LiveResults(Map<DType, Long> activations, Map<DType, Long> received) {
  public LiveResults {
    activations = Map.copyOf(activations);
    received = Map.copyOf(received);
  }

  /**
   * The results of a step.
   *
   * @param results the tensors that each operation makes
   */
  public static LiveResults of(List<Operation> operations, List<List<Spec>> results) {
    return ResultLifetimes.of(operations, results)
        .holding(results.stream().flatMap(List::stream).mapToLong(Spec::elements).toArray());
  }
}
