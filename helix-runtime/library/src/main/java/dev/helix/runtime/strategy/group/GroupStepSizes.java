package dev.helix.runtime.strategy.group;

import dev.helix.attention.QueryToken;
import dev.helix.attention.helix.AttentionSharding;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The sizes of a step on ranks that work on the same rows. They differ in the tokens of their
 * shards, and perhaps in the load of their experts.
 */
public final class GroupStepSizes implements StepSizes {
  private final GroupModel group;
  private final boolean expertsDiffer;

  /** For each KVP index, the share of each row. */
  private final List<List<Share>> shares = new ArrayList<>();

  /**
   * Computes the sizes of a step.
   *
   * @param step the group's rows
   * @param capacity the greatest number of tokens of each request
   * @param routers the routers, which say whether all ranks have the same load
   */
  public GroupStepSizes(
      GroupModel group, List<QueryToken> step, IntUnaryOperator capacity, RouterSource<?> routers) {
    this.group = group;
    this.expertsDiffer = group.model().mixture().isPresent() && !routers.sameOnEveryRank();
    List<KvPlacement> placed =
        step.stream()
            .map(token -> group.plan().placed(capacity.applyAsInt(token.request())))
            .toList();
    for (int kvpIndex = 0; kvpIndex < layout().kvp(); kvpIndex++) {
      shares.add(shares(kvpIndex, step, placed));
    }
  }

  @Override
  public Object of(int rank) {
    return new Sizes(sharesOf(rank), expertsDiffer ? layout().epIndex(rank) : 0);
  }

  @Override
  public long kvElements(int rank) {
    long tokens = 0;
    for (Share share : sharesOf(rank)) {
      tokens += share.last() ? share.tokens() : 0;
    }
    return Math.multiplyExact(elementsPerToken(), tokens);
  }

  /**
   * Number of elements that a rank keeps for each token: those of its KV heads, which other ranks
   * may have too.
   */
  private long elementsPerToken() {
    AttentionSharding heads = group.attention().heads();
    return group.model().kvElementsPerToken() / heads.shape().kvHeads() * heads.localKvHeads();
  }

  private List<Share> sharesOf(int rank) {
    return shares.get(layout().kvpIndex(rank));
  }

  private Layout layout() {
    return group.layout();
  }

  private static List<Share> shares(int kvpIndex, List<QueryToken> step, List<KvPlacement> placed) {
    List<Share> shares = new ArrayList<>(step.size());
    for (int row = 0; row < step.size(); row++) {
      QueryToken token = step.get(row);
      boolean last = row + 1 == step.size() || step.get(row + 1).request() != token.request();
      int tokens = placed.get(row).localLength(kvpIndex, token.position() + 1);
      boolean owned = placed.get(row).owner(token.position()) == kvpIndex;
      shares.add(new Share(tokens, owned, last));
    }
    return shares;
  }

  /** Everything in which the sizes of ranks can differ. */
  private record Sizes(List<Share> shares, int expertGroup) {}

  /**
   * The share of one row that one rank handles.
   *
   * @param tokens number of tokens that the row sees on the rank
   * @param owned whether the row's own token is among them
   * @param last whether it is the last row of its request
   */
  private record Share(int tokens, boolean owned, boolean last) {}
}
