package dev.helix.ffn.expertparallel;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.MoeShape;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;

/**
 * Says which experts each rank has under expert parallelism: the i-th of EP ranks has the whole
 * experts [i·E/EP, (i+1)·E/EP).
 *
 * @param shape the unsharded mixture
 * @param ranks all EP ranks, in the order of their experts
 */
public record ExpertParallelSharding(MoeShape shape, Group ranks) {
  /**
   * Checks that the ranks divide the experts.
   *
   * @throws InvalidInputException naming the rule that they break
   */
  public ExpertParallelSharding {
    if (shape.experts() % ranks.size() != 0) {
      throw new InvalidInputException(
          "EP, all %d ranks, must divide the model's experts (%d)"
              .formatted(ranks.size(), shape.experts()));
    }
  }

  /** The experts of the i-th rank. */
  public ExpertRange ofMember(int index) {
    int local = shape.experts() / ranks.size();
    return new ExpertRange(index * local, local);
  }

  /** The experts of a rank. */
  public ExpertRange experts(int rank) {
    return ofMember(ranks.indexOf(rank));
  }
}
