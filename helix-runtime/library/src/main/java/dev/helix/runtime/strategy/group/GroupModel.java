package dev.helix.runtime.strategy.group;

import dev.helix.ffn.FfnShape;
import dev.helix.ffn.helix.FfnSharding;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;

/**
 * A model over the ranks of one group, whose layout divides it.
 *
 * @param model the model
 * @param plan how the ranks run the model together
 * @param hidden how the ranks hold the hidden state between the parts
 */
public record GroupModel(ModelConfig model, GroupPlan plan, HeldState hidden) {
  /**
   * Checks that the layout divides the model.
   *
   * @throws InvalidInputException if it does not, naming the rule
   */
  public GroupModel {
    Layout layout = plan.layout();
    AttentionSplit.of(model, plan);
    model.mixture().ifPresent(mixture -> new MoeSharding(mixture.shape(), layout));
    if (model.hasDenseLayers()) {
      dense(model, layout);
    }
  }

  /** A model on a group whose ranks all have the whole hidden state (Helix Parallelism §2.1). */
  public GroupModel(ModelConfig model, GroupPlan plan) {
    this(model, plan, new HeldState.Replicated(plan.layout().all()));
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

  /** How the model's dense FFNs are split: over all ranks, whatever the layout of the experts. */
  FfnSharding dense() {
    return dense(model, layout());
  }

  private static FfnSharding dense(ModelConfig model, Layout layout) {
    boolean alone = model.mixture().isEmpty();
    FfnShape shape = new FfnShape(model.attention().hidden(), model.intermediateSize());
    Layout columns = Layout.dense(layout.kvp(), layout.tpa()).startingAt(layout.first());
    return new FfnSharding(shape, alone ? layout : columns);
  }
}
