package dev.helix.runtime.strategy.pipeline;

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
import dev.helix.tensor.mesh.TooManyRanksException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Tensor parallelism in a pipeline of stages (TP × PP; Helix Parallelism §3). Each stage has some
 * of the layers, on a tensor parallel group of its own, and hands the hidden state to the next
 * stage. Requests are dealt to micro-batches in turn, and these follow each other through the
 * stages.
 *
 * @param pp number of stages; if it does not divide the layers, some stages have one more
 * @param stage the layout of each stage, with KVP 1
 * @param microBatches number of micro-batches into which a step is split
 */
public record PipelineStrategy(int pp, Layout stage, int microBatches) implements Strategy {
  /**
   * Checks the widths.
   *
   * @throws InvalidInputException if a width is less than 1, KVP is not 1, or there are too many
   *     ranks
   */
  public PipelineStrategy {
    Sizes.requirePositive("PP", pp);
    Sizes.requirePositive("micro-batches", microBatches);
    if (stage.kvp() != 1) {
      throw new InvalidInputException(
          "KVP (%d) must be 1 in a tensor parallel stage".formatted(stage.kvp()));
    }
    TooManyRanksException.require(
        (long) pp * stage.ranks(), () -> "PP × TPA (%d × %d)".formatted(pp, stage.ranks()));
  }

  @Override
  public int ranks() {
    return pp * stage.ranks();
  }

  @Override
  public void requireFits(ModelConfig model) {
    if (pp > model.layers()) {
      throw new InvalidInputException(
          "PP (%d) must be at most the model's layers (%d)".formatted(pp, model.layers()));
    }
    onStage(model, 0).withFfns();
  }

  /**
   * Checks that every micro-batch has a request.
   *
   * @throws InvalidInputException if there are fewer requests than micro-batches
   */
  @Override
  public void requireBatch(int requests) {
    if (requests < microBatches) {
      throw new InvalidInputException(
          "micro-batches (%d) must be at most the number of requests (%d): each has some of them"
              .formatted(microBatches, requests));
    }
  }

  /** The ranks of a stage have the hidden state of the micro-batch that is there. */
  @Override
  public HeldState hidden(int rank) {
    return held(stageOf(rank));
  }

  @Override
  public List<List<StepRow>> microBatches(List<StepRow> batch) {
    return IntStream.range(0, microBatches)
        .mapToObj(
            index ->
                batch.stream()
                    .filter(row -> row.query().request() % microBatches == index)
                    .toList())
        .filter(rows -> !rows.isEmpty())
        .toList();
  }

  @Override
  public <T extends Tensor> PartLoader<T> on(RankLoading<T> loading) {
    return new PipelinePartLoader<>(this, loading);
  }

  @Override
  public int attentionParts() {
    return 1;
  }

  @Override
  public StepSizes sizes(
      ModelConfig model, List<StepRow> rows, IntUnaryOperator capacity, RouterSource<?> routers) {
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();
    List<GroupStepSizes> stages =
        IntStream.range(0, pp)
            .mapToObj(index -> new GroupStepSizes(onStage(model, index), step, capacity, routers))
            .toList();
    return new StepSizes() {
      @Override
      public Object of(int rank) {
        int index = stageOf(rank);
        List<Integer> own = layers(model.layers(), index);
        long routed = own.stream().filter(layer -> model.mixture(layer).isPresent()).count();
        Work work = new Work(index == 0, index == pp - 1, own.size(), routed);
        return List.of(work, stages.get(index).of(rank));
      }

      @Override
      public long kvElements(int rank) {
        long ofAllLayers = stages.get(stageOf(rank)).kvElements(rank);
        return ofAllLayers / model.layers() * layers(model.layers(), stageOf(rank)).size();
      }
    };
  }

  /**
   * What a stage runs.
   *
   * @param layers number of its layers
   * @param routed how many of them have experts
   */
  private record Work(boolean embedding, boolean head, int layers, long routed) {}

  /** The group of each stage, and for each stage but the first the links into it. */
  @Override
  public List<List<Group>> exchanges() {
    List<List<Group>> exchanges = new ArrayList<>();
    exchanges.add(IntStream.range(0, pp).mapToObj(index -> layout(index).all()).toList());
    for (int index = 1; index < pp; index++) {
      exchanges.add(layout(index).members().stream().map(this::linkTo).toList());
    }
    return exchanges;
  }

  /** The rank that hands the hidden state to a rank, and that rank. */
  Group linkTo(int rank) {
    int from = rank - stage.ranks();
    return new Group("stages[" + from + "]", List.of(from, rank));
  }

  /** The stage of a rank. */
  public int stageOf(int rank) {
    return rank / stage.ranks();
  }

  /** The layout of the ranks of a stage. */
  public Layout layout(int index) {
    return stage.startingAt(index * stage.ranks());
  }

  /** The layers of a stage, if the model has {@code all} layers. */
  public List<Integer> layers(int all, int index) {
    return IntStream.range(index * all / pp, (index + 1) * all / pp).boxed().toList();
  }

  HeldState held(int index) {
    return new HeldState.Replicated(layout(index).all());
  }

  GroupModel onStage(ModelConfig model, int index) {
    HeadSplit heads = new HeadSplit(KvHeads.DUPLICATED, OptionalInt.empty());
    PlacementRule whole = PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
    GroupPlan plan = new GroupPlan(layout(index), whole, false, heads, MoeExchange.DEFAULT);
    return new GroupModel(model, plan);
  }

  @Override
  public RankHoldings holdings(ModelConfig model, int rank) {
    int index = stageOf(rank);
    GroupModel own = onStage(model, index);
    List<Integer> layers = layers(model.layers(), index);
    return new RankHoldings(
        "stage %d, TPA %d".formatted(index, layout(index).tpaIndex(rank)),
        request -> true,
        new Span(layers.get(0), layers.size()),
        own.attentionOf(rank),
        own.ffnOf(rank));
  }
}
