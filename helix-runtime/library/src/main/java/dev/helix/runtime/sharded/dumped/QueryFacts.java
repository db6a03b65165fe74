package dev.helix.runtime.sharded.dumped;

import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What is strange about dumped queries. All ranks of a KVP group attend with the same queries, so a
 * rank with others has dumped what its kernel did not read, or was given something else; and a
 * query that is not finite leaves nothing to be expected.
 */
final class QueryFacts {
  private final List<RankStep> ranks;
  private final StepShape shape;
  private final int firstRank;

  /**
   * Looks at the queries of a KVP group.
   *
   * @param firstRank the rank of the dump that is rank 0 of the group
   */
  QueryFacts(List<RankStep> ranks, StepShape shape, int firstRank) {
    this.ranks = List.copyOf(ranks);
    this.shape = shape;
    this.firstRank = firstRank;
  }

  /** One sentence for each rank whose queries are strange. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!ranks.stream().allMatch(rank -> rank.has(StepTensor.QUERY))) {
      return remarks;
    }
    double[] first = ranks.get(0).get(StepTensor.QUERY);
    for (RankStep rank : ranks) {
      double[] own = rank.get(StepTensor.QUERY);
      OptionalInt odd =
          IntStream.range(0, own.length).filter(i -> !Double.isFinite(own[i])).findFirst();
      OptionalInt other =
          IntStream.range(0, Math.min(own.length, first.length))
              .filter(i -> own[i] != first[i])
              .findFirst();
      if (odd.isPresent()) {
        int at = odd.getAsInt();
        remarks.add(
            "the query of rank %d holds %s at %s: nothing can be expected of that row"
                .formatted(number(rank), own[at], place(at)));
      } else if (other.isPresent()) {
        int at = other.getAsInt();
        remarks.add(
            "rank %d has not the queries of rank %d: %s and %s at %s"
                .formatted(number(rank), number(ranks.get(0)), own[at], first[at], place(at)));
      }
    }
    return remarks;
  }

  /**
   * That queries have more digits than what is made of them, so that a kernel may have rounded them
   * before it read them.
   *
   * @param queries their format
   * @param outputs that of partial outputs, if there are any
   */
  static Optional<String> wide(DType queries, Optional<DType> outputs) {
    boolean wide =
        queries == DType.F32
            && (outputs.equals(Optional.of(DType.BF16)) || outputs.equals(Optional.of(DType.F16)));
    return wide
        ? Optional.of(
            "queries are numbers of FP32, outputs of %s: a kernel that first rounds its queries has to dump them rounded"
                .formatted(outputs.get() == DType.F16 ? "FP16" : "BF16"))
        : Optional.empty();
  }

  private int number(RankStep rank) {
    return rank.rank() + firstRank;
  }

  private String place(int at) {
    int row = at / shape.keyDim();
    return "query token %d, head %d, component %d"
        .formatted(row / shape.heads(), row % shape.heads(), at % shape.keyDim());
  }
}
