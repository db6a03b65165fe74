package dev.helix.runtime.sharded;

import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One decode step of one attention layer on one KVP group, as its ranks have dumped it.
 *
 * @param facts what is known beside the tensors
 * @param ranks one entry for each rank, in their order
 */
public record ShardedStep(StepFacts facts, List<RankStep> ranks) {
  /**
   * Checks that every tensor has as many numbers as the facts say.
   *
   * @throws InvalidInputException naming the rank and the tensor
   */
  public ShardedStep {
    ranks = List.copyOf(ranks);
    if (ranks.size() != facts.shape().kvp()) {
      throw new InvalidInputException(
          "ranks: expected %d, as KVP says, got %d".formatted(facts.shape().kvp(), ranks.size()));
    }
    for (RankStep rank : ranks) {
      for (StepTensor tensor : rank.tensors().keySet()) {
        check(facts, rank, tensor);
      }
    }
  }

  private static void check(StepFacts facts, RankStep rank, StepTensor tensor) {
    StepShape shape = facts.shape();
    long tokens = facts.tokens().size();
    long rows = tokens * shape.heads();
    long expected =
        switch (tensor) {
          case QUERY -> rows * shape.keyDim();
          case LOCAL_LENGTHS -> facts.owners().requests();
          case PARTIAL_OUTPUT -> rows * shape.valueDim();
          case PARTIAL_LSE -> rows;
          case RECEIVED_OUTPUT -> tokens * shape.ownHeads() * shape.kvp() * shape.valueDim();
          case RECEIVED_LSE -> tokens * shape.ownHeads() * shape.kvp();
          case MERGED_OUTPUT -> tokens * shape.ownHeads() * shape.valueDim();
          case MERGED_LSE -> tokens * shape.ownHeads();
          case VALUE_UP, PROJECTION_WEIGHT, PROJECTED -> -1;
        };
    int got = rank.get(tensor).length;
    if (expected >= 0 && got != expected) {
      throw new InvalidInputException(
          "rank %d: %s: expected %d numbers, got %d%s"
              .formatted(rank.rank(), tensor, expected, got, otherKvp(facts, tensor, got)));
    }
  }

  /** The question whether another KVP is meant, where one would fit a merged tensor. */
  private static String otherKvp(StepFacts facts, StepTensor tensor, int got) {
    StepShape shape = facts.shape();
    long whole =
        (long) facts.tokens().size()
            * shape.heads()
            * (tensor == StepTensor.MERGED_OUTPUT ? shape.valueDim() : 1);
    boolean merged = tensor == StepTensor.MERGED_OUTPUT || tensor == StepTensor.MERGED_LSE;
    return merged && got > 0 && whole % got == 0
        ? "; is KVP %d meant, and not %d?".formatted(whole / got, shape.kvp())
        : "";
  }

  /** Whether every rank has dumped a tensor. */
  public boolean has(StepTensor tensor) {
    return ranks.stream().allMatch(rank -> rank.has(tensor));
  }

  /** Whether every rank has dumped its cache. */
  public boolean hasCaches() {
    return ranks.stream().allMatch(rank -> rank.cache().isPresent());
  }

  /** The same step with each rank changed. */
  public ShardedStep changed(UnaryOperator<RankStep> change) {
    return new ShardedStep(facts, ranks.stream().map(change).toList());
  }

  /** The same tensors under other facts. */
  public ShardedStep under(StepFacts others) {
    return new ShardedStep(others, ranks);
  }
}
