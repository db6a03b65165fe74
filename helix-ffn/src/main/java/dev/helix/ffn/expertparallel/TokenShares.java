package dev.helix.ffn.expertparallel;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Says which tokens of a step each rank dispatches to their experts. Ranks that hold the same
 * tokens divide them among each other, so that each token leaves from one rank.
 *
 * @param ofMembers for each rank of the group the indices of its tokens in the step
 * @param member index of this rank in the group
 * @param from index at which this rank's share begins among the tokens that it holds, which are its
 *     own and those of the ranks that hold the same
 */
public record TokenShares(List<List<Integer>> ofMembers, int member, int from) {
  public TokenShares {
    ofMembers = ofMembers.stream().map(List::copyOf).toList();
  }

  /** Number of tokens of the step. */
  public int all() {
    return ofMembers.stream().mapToInt(List::size).sum();
  }

  /** Number of tokens that this rank dispatches. */
  public int own() {
    return ofMembers.get(member).size();
  }

  /** Index at which this rank's share ends among the tokens that it holds. */
  public int to() {
    return from + own();
  }

  /** The tokens of this rank's share, as indices into the tokens that it holds. */
  List<Integer> held() {
    return IntStream.range(from, to()).boxed().toList();
  }
}
