package dev.helix.runtime.strategy.dataparallel;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.group.GroupModel;
import dev.helix.runtime.strategy.group.GroupStepSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The sizes of what ranks do in a step: what their group does with its rows, and what they send to
 * the experts.
 */
final class DataParallelStepSizes implements StepSizes {
  private final DataParallelStrategy strategy;
  private final List<GroupStepSizes> groups = new ArrayList<>();
  private final List<List<Integer>> shares;

  /**
   * Ranks have the traffic of those so many ranks before: 1 if all are alike, and the number of
   * ranks if no two are.
   */
  private final int period;

  DataParallelStepSizes(
      DataParallelStrategy strategy,
      ModelConfig model,
      List<StepRow> rows,
      IntUnaryOperator capacity,
      RouterSource<?> routers) {
    this.strategy = strategy;
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();
    List<GroupModel> models = strategy.onGroups(model);
    for (int group = 0; group < strategy.dp(); group++) {
      int own = group;
      List<QueryToken> ofGroup =
          step.stream().filter(token -> strategy.groupOf(token.request()) == own).toList();
      groups.add(new GroupStepSizes(models.get(group), ofGroup, capacity, routers));
    }
    this.shares = strategy.shares(step);
    this.period =
        model.mixture().isEmpty() ? 1 : routers.sameTraffic() ? period(shares) : strategy.ranks();
  }

  /**
   * After how many ranks the shares repeat. Rows that are left over go to the ranks that follow
   * their sender, whoever it is. So where shares repeat, what ranks send and receive repeats too.
   */
  private int period(List<List<Integer>> shares) {
    List<Integer> rows = shares.stream().map(List::size).toList();
    return IntStream.of(1, strategy.groupSize())
        .filter(
            period ->
                IntStream.range(period, rows.size())
                    .allMatch(rank -> rows.get(rank).equals(rows.get(rank - period))))
        .findFirst()
        .orElse(strategy.ranks());
  }

  @Override
  public Object of(int rank) {
    Object ofGroup = groups.get(strategy.groupOfRank(rank)).of(rank);
    return new Sizes(ofGroup, shares.get(rank).size(), rank % period);
  }

  @Override
  public long kvElements(int rank) {
    return groups.get(strategy.groupOfRank(rank)).kvElements(rank);
  }

  /** All that ranks can differ in. */
  private record Sizes(Object ofGroup, int share, int traffic) {}
}
