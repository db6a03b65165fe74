package dev.helix.runtime.strategy.medha;

import dev.helix.attention.QueryToken;
import dev.helix.attention.helix.KvHeads;
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
import dev.helix.runtime.strategy.group.GroupStepSizes;
import dev.helix.runtime.strategy.group.HeadSplit;
import dev.helix.tensor.Group;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Sizes;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Medha (arXiv 2409.17264) as the paper describes it (Helix Parallelism §3). Attention runs on KVP
 * × TPA ranks. Projections and FFN run on one fixed group of TPF × EP of them, to which the
 * attention outputs are gathered, while the other ranks wait. The group consists of the first ranks
 * of each KVP group.
 *
 * @param kvp KV parallel width
 * @param tpa tensor parallel width of attention
 * @param tpf tensor parallel width of the FFN in the fixed group
 * @param ep expert parallel width of the FFN in the fixed group
 * @param placement which tokens of a request a shard of the KV cache keeps
 */
public record MedhaStrategy(int kvp, int tpa, int tpf, int ep, PlacementRule placement)
    implements Strategy {
  /**
   * Checks the widths.
   *
   * @throws InvalidInputException if TPF × EP is no multiple of TPA, or more than all ranks
   */
  public MedhaStrategy {
    Layout.dense(kvp, tpa);
    Sizes.requirePositive("TPF", tpf);
    Sizes.requirePositive("EP", ep);
    long width = (long) tpf * ep;
    if (width % tpa != 0 || width > (long) kvp * tpa) {
      throw new InvalidInputException(
          "TPF × EP (%d × %d = %d) must be a multiple of TPA (%d) and at most KVP × TPA (%d)"
              .formatted(tpf, ep, width, tpa, (long) kvp * tpa));
    }
  }

  @Override
  public int ranks() {
    return kvp * tpa;
  }

  @Override
  public void requireFits(ModelConfig model) {
    attention(model);
    ffn(model);
  }

  /**
   * {@inheritDoc} The fixed group has the whole hidden state, and the other ranks have nothing of
   * it.
   */
  @Override
  public HeldState hidden(int rank) {
    return new HeldState.Replicated(ffnLayout().all());
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return new MedhaPartLoader<>(this, loading);
  }

  @Override
  public int attentionParts() {
    return kvp;
  }

  @Override
  public StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();
    GroupStepSizes attention = new GroupStepSizes(attention(model), step, capacity, routers);
    boolean expertsDiffer = model.mixture().isPresent() && !routers.sameOnEveryRank();
    return new StepSizes() {
      @Override
      public Object of(int rank) {
        boolean fixed = ffnLayout().has(rank);
        int experts = fixed && expertsDiffer ? ffnLayout().epIndex(rank) : 0;
        // The ranks of the first KVP group exchange with the one that gives the hidden state.
        boolean withRoot = attentionLayout().tpaIndex(rank) == 0;
        return List.of(attention.of(rank), fixed, rank == 0, withRoot, experts);
      }

      @Override
      public long kvElements(int rank) {
        return attention.kvElements(rank);
      }
    };
  }

  /** The KVP groups, the ranks that get the hidden state, and the fixed group. */
  @Override
  public List<List<Group>> exchanges() {
    return List.of(attentionLayout().kvpGroups(), List.of(entry()), List.of(ffnLayout().all()));
  }

  /** The layout of all ranks in attention. */
  public Layout attentionLayout() {
    return Layout.dense(kvp, tpa);
  }

  /** The layout of the fixed group in the FFN. */
  public Layout ffnLayout() {
    List<Integer> fixed =
        IntStream.range(0, ranks()).filter(rank -> rank % kvp < owners()).boxed().toList();
    return new Layout(owners(), tpa, tpf, ep).on(fixed);
  }

  /** A rank of the fixed group, and all ranks that get the hidden state from it. */
  Group entry() {
    Layout fixed = ffnLayout();
    return new Group(
        "hidden state",
        Stream.concat(
                Stream.of(0), IntStream.range(0, ranks()).filter(rank -> !fixed.has(rank)).boxed())
            .toList());
  }

  GroupModel attention(ModelConfig model) {
    return model(model, attentionLayout(), OptionalInt.of(owners()));
  }

  GroupModel ffn(ModelConfig model) {
    return model(model, ffnLayout(), OptionalInt.empty()).withFfns();
  }

  private GroupModel model(ModelConfig model, Layout layout, OptionalInt owners) {
    HeadSplit heads = new HeadSplit(KvHeads.DUPLICATED, owners);
    GroupPlan plan = new GroupPlan(layout, placement, false, heads, MoeExchange.DEFAULT);
    return new GroupModel(model, plan, hidden(0), request -> true);
  }

  /** Number of ranks of each KVP group that belong to the fixed group. */
  private int owners() {
    return tpf * ep / tpa;
  }

  @Override
  public RankHoldings holdings(ModelConfig model, int rank) {
    Layout layout = attentionLayout();
    boolean fixed = ffnLayout().has(rank);
    return new RankHoldings(
        "KVP %d, TPA %d%s"
            .formatted(layout.kvpIndex(rank), layout.tpaIndex(rank), fixed ? ", fixed group" : ""),
        request -> true,
        new Span(0, model.layers()),
        attention(model).attentionOf(rank),
        fixed ? ffn(model).ffnOf(rank) : new RankHoldings.Ffn(Span.NONE, Span.NONE));
  }
}
