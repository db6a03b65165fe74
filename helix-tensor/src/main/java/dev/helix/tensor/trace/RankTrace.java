package dev.helix.tensor.trace;

import java.util.List;

/**
 * The operations that one rank launches and sends in one step. Ranks run one program and differ at
 * most in sizes (tokens cached, experts active). So a few traces stand for all ranks, operation by
 * operation.
 *
 * @param rank the rank whose trace it is
 * @param operations in the order of the program
 */
public record RankTrace(int rank, List<Operation> operations) {
  public RankTrace {
    operations = List.copyOf(operations);
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).index() != i) {
        throw new IllegalArgumentException(
            "operation %d of rank %d has index %d".formatted(i, rank, operations.get(i).index()));
      }
    }
  }
}
