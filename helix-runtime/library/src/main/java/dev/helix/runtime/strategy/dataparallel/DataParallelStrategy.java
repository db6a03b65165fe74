package dev.helix.runtime.strategy.dataparallel;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.helix.MoeExchange;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.Span;
import dev.helix.runtime.strategy.StepSizes;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.group.GroupModel;
import dev.helix.runtime.strategy.group.GroupPlan;
import dev.helix.runtime.strategy.group.HeadSplit;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.TooManyRanksException;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Data parallel attention with expert parallelism (DP + EP; Helix Parallelism §3). The requests of
 * a batch are dealt to DP groups in turn. Each group attends only for its own requests, over a
 * cache of its own, and has the dense FFNs and the shared expert whole. Routed experts are divided
 * among all ranks, and tokens travel to them. A group of one rank has all heads; a larger group
 * runs Helix on KVP × TPA ranks.
 *
 * @param dp number of groups
 * @param kvp KV parallel width of each group
 * @param tpa tensor parallel width of attention of each group
 * @param placement which tokens of a request a shard of its group keeps
 * @param hopB whether a group launches attention and its exchange for each request by itself
 */
public record DataParallelStrategy(int dp, int kvp, int tpa, PlacementRule placement, boolean hopB)
    implements Strategy {
  /**
   * Checks the widths.
   *
   * @throws InvalidInputException if a width is less than 1, or there are too many ranks
   */
  public DataParallelStrategy {
    Sizes.requirePositive("DP", dp);
    Layout group = Layout.dense(kvp, tpa);
    TooManyRanksException.require(
        (long) dp * group.ranks(), () -> "DP × KVP × TPA (%d × %d × %d)".formatted(dp, kvp, tpa));
  }

  @Override
  public int ranks() {
    return dp * groupSize();
  }

  @Override
  public void requireFits(ModelConfig model) {
    // All groups have the same widths.
    onGroup(model, 0);
    model.mixture().ifPresent(mixture -> new ExpertParallelSharding(mixture.shape(), all()));
  }

  /**
   * Checks that every group has a request.
   *
   * @throws InvalidInputException if there are fewer requests than groups
   */
  @Override
  public void requireBatch(int requests) {
    if (requests < dp) {
      throw new InvalidInputException(
          "DP (%d) must be at most the number of requests (%d): each group has some of them"
              .formatted(dp, requests));
    }
  }

  /** {@inheritDoc} Each group has the rows of its own requests, on all its ranks. */
  @Override
  public HeldState hidden(int rank) {
    return new HeldState.SplitByBatch(
        IntStream.range(0, dp).mapToObj(group -> layout(group).all()).toList());
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return new DataParallelPartLoader<>(this, loading);
  }

  @Override
  public int attentionParts() {
    return kvp;
  }

  @Override
  public StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
    return new DataParallelStepSizes(this, model, rows, capacity, routers);
  }

  /** All ranks, each group of them, and the KVP groups of each. */
  @Override
  public List<List<Group>> exchanges() {
    List<Layout> groups = IntStream.range(0, dp).mapToObj(this::layout).toList();
    return List.of(
        List.of(all()),
        groups.stream().map(Layout::all).toList(),
        groups.stream().flatMap(group -> group.kvpGroups().stream()).toList());
  }

  /** The group to which a request belongs. */
  public int groupOf(int request) {
    return request % dp;
  }

  /** The layout of a group. */
  public Layout layout(int group) {
    return Layout.dense(kvp, tpa).startingAt(group * groupSize());
  }

  /** All ranks, which have the experts in this order. */
  public Group all() {
    return new Group("experts", IntStream.range(0, ranks()).boxed().toList());
  }

  /** The group of a rank. */
  int groupOfRank(int rank) {
    return rank / groupSize();
  }

  int groupSize() {
    return kvp * tpa;
  }

  /** The model on every group. */
  List<GroupModel> onGroups(ModelConfig model) {
    HeldState held = hidden(0);
    return IntStream.range(0, dp).mapToObj(group -> onGroup(model, group, held)).toList();
  }

  GroupModel onGroup(ModelConfig model, int group) {
    return onGroup(model, group, hidden(0));
  }

  private GroupModel onGroup(ModelConfig model, int group, HeldState held) {
    GroupPlan plan =
        new GroupPlan(layout(group), placement, hopB, HeadSplit.HELIX, MoeExchange.DEFAULT);
    GroupModel own =
        new GroupModel(model, plan, held, request -> groupOf(request) == group).withDense();
    model
        .mixture()
        .filter(mixture -> mixture.shape().hasShared())
        .ifPresent(mixture -> own.shared(mixture.shape()));
    return own;
  }

  /**
   * Says which rows of a step each rank dispatches to their experts. The ranks of a group divide
   * the group's rows among them, as evenly as possible.
   *
   * @return for each rank indices into the step
   */
  List<List<Integer>> shares(List<QueryToken> step) {
    List<List<Integer>> ofGroups =
        IntStream.range(0, dp).mapToObj(group -> rowsOf(step, group)).toList();
    return IntStream.range(0, ranks())
        .mapToObj(
            rank -> {
              List<Integer> own = ofGroups.get(groupOfRank(rank));
              return own.subList(firstOfShare(own.size(), rank), firstOfShare(own.size(), rank, 1));
            })
        .toList();
  }

  /** The index at which the share of a rank begins among the rows of its group. */
  int firstOfShare(int rows, int rank) {
    return firstOfShare(rows, rank, 0);
  }

  private int firstOfShare(int rows, int rank, int behind) {
    return (int) ((long) rows * (rank % groupSize() + behind) / groupSize());
  }

  private List<Integer> rowsOf(List<QueryToken> step, int group) {
    return IntStream.range(0, step.size())
        .filter(row -> groupOf(step.get(row).request()) == group)
        .boxed()
        .toList();
  }

  @Override
  public RankHoldings holdings(ModelConfig model, int rank) {
    int group = groupOfRank(rank);
    GroupModel own = onGroup(model, group);
    return new RankHoldings(
        "group %d, KVP %d, TPA %d"
            .formatted(group, layout(group).kvpIndex(rank), layout(group).tpaIndex(rank)),
        own.requests(),
        new Span(0, model.layers()),
        own.attentionOf(rank),
        model
            .mixture()
            .map(mixture -> experts(mixture.shape(), rank))
            .orElseGet(() -> own.ffnOf(rank)));
  }

  private RankHoldings.Ffn experts(MoeShape shape, int rank) {
    ExpertRange own = new ExpertParallelSharding(shape, all()).experts(rank);
    return new RankHoldings.Ffn(
        new Span(0, shape.intermediate()), new Span(own.first(), own.count()));
  }
}
