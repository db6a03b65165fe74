package dev.helix.runtime.strategy.group;

import dev.helix.attention.helix.AttentionSharding;
import dev.helix.ffn.FfnShape;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.helix.FfnSharding;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.Span;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;
import java.util.function.IntPredicate;

/**
 * A model over the ranks of one group, whose layout divides it.
 *
 * @param plan how the ranks run the model together
 * @param hidden how the ranks hold the hidden state between the parts
 * @param requests which requests the group has
 */
public record GroupModel(
    ModelConfig model, GroupPlan plan, HeldState hidden, IntPredicate requests) {
  /**
   * Checks that the layout divides attention.
   *
   * @throws InvalidInputException if the layout does not divide the model, naming the rule
   */
  public GroupModel {
    AttentionSplit.of(model, plan);
  }

  /**
   * A model on a group whose ranks all have the whole hidden state of all requests (Helix
   * Parallelism §2.1).
   */
  public GroupModel(ModelConfig model, GroupPlan plan) {
    this(model, plan, new HeldState.Replicated(plan.layout().all()), request -> true);
  }

  /**
   * Checks that the layout also divides the model's dense FFNs, and returns this model.
   *
   * @throws InvalidInputException if it does not, naming the rule
   */
  public GroupModel withDense() {
    if (model.hasDenseLayers()) {
      dense();
    }
    return this;
  }

  /**
   * Checks that the layout also divides the model's dense FFNs and experts, and returns this model.
   *
   * @throws InvalidInputException if it does not, naming the rule
   */
  public GroupModel withFfns() {
    model.mixture().ifPresent(mixture -> new MoeSharding(mixture.shape(), layout()));
    return withDense();
  }

  /** The part of a layer's attention that a rank of the group has. */
  public RankHoldings.Attention attentionOf(int rank) {
    AttentionSharding heads = attention().heads();
    return new RankHoldings.Attention(
        new Span(heads.firstKvHead(rank), heads.localKvHeads()),
        new Span(heads.firstPartialHead(rank), heads.partialHeads()),
        layout().kvpIndex(rank),
        plan::placed);
  }

  /**
   * The part of a layer's FFN that a rank of the group has. If the model has experts, it is a part
   * of these.
   */
  public RankHoldings.Ffn ffnOf(int rank) {
    if (model.mixture().isEmpty()) {
      FfnSharding columns = dense();
      return new RankHoldings.Ffn(
          new Span(columns.firstColumn(rank), columns.localColumns()), Span.NONE);
    }
    MoeSharding experts = new MoeSharding(model.mixture().get().shape(), layout());
    return new RankHoldings.Ffn(
        new Span(experts.firstColumn(rank), experts.localColumns()),
        new Span(experts.firstExpert(rank), experts.localExperts()));
  }

  Layout layout() {
    return plan.layout();
  }

  boolean hopB() {
    return plan.hopB();
  }

  /** How the model's attention is split. */
  AttentionSplit attention() {
    return AttentionSplit.of(model, plan);
  }

  /** How the model's dense FFNs are split: over all ranks, whatever the experts' layout. */
  FfnSharding dense() {
    boolean alone = model.mixture().isEmpty();
    FfnShape shape = new FfnShape(model.attention().hidden(), model.intermediateSize());
    return new FfnSharding(shape, alone ? layout() : columns(layout()));
  }

  /** How a shared expert is split: like a dense FFN, over all ranks of the group. */
  public FfnSharding shared(MoeShape shape) {
    return new FfnSharding(shape.shared(), columns(layout()));
  }

  private static Layout columns(Layout layout) {
    return Layout.dense(layout.kvp(), layout.tpa()).on(layout.members());
  }
}
