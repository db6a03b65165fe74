package dev.helix.runtime.strategy.dataparallel;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.group.GroupStepSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The sizes of what ranks do in a step: what their group does with its rows, and what they send to
 * the experts.
 */
final class DataParallelStepSizes implements StepSizes {
  private final DataParallelStrategy strategy;
  private final List<GroupStepSizes> groups = new ArrayList<>();
  private final List<List<Integer>> shares;
  private final boolean trafficDiffers;

  DataParallelStepSizes(
      DataParallelStrategy strategy,
      ModelConfig model,
      List<StepRow> rows,
      IntUnaryOperator capacity,
      RouterSource<?> routers) {
    this.strategy = strategy;
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();
    for (int group = 0; group < strategy.dp(); group++) {
      int own = group;
      List<QueryToken> ofGroup =
          step.stream().filter(token -> strategy.groupOf(token.request()) == own).toList();
      groups.add(new GroupStepSizes(strategy.onGroup(model, group), ofGroup, capacity, routers));
    }
    this.shares = strategy.shares(step);
    boolean even = shares.stream().map(List::size).distinct().count() == 1;
    this.trafficDiffers = model.mixture().isPresent() && !(even && routers.sameTraffic());
  }

  @Override
  public Object of(int rank) {
    Object ofGroup = groups.get(strategy.groupOfRank(rank)).of(rank);
    return new Sizes(ofGroup, shares.get(rank).size(), trafficDiffers ? rank : 0);
  }

  @Override
  public long kvElements(int rank) {
    return groups.get(strategy.groupOfRank(rank)).kvElements(rank);
  }

  /** All that ranks can differ in. */
  private record Sizes(Object ofGroup, int share, int traffic) {}
}
