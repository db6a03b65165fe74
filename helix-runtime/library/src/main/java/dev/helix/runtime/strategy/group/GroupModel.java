package dev.helix.runtime.strategy.helix;

import dev.helix.ffn.FfnShape;
import dev.helix.ffn.helix.FfnSharding;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.mesh.Layout;

/** A model over the ranks of a Helix layout that divides it. */
record HelixModel(ModelConfig model, HelixStrategy strategy) {
  /**
   * @throws InvalidInputException if the layout does not divide the model, naming the rule
   */
  HelixModel {
    Layout layout = strategy.layout();
    AttentionSplit.of(model, layout);
    model.mixture().ifPresent(mixture -> new MoeSharding(mixture.shape(), layout));
    if (model.hasDenseLayers()) {
      dense(model, layout);
    }
  }

  Layout layout() {
    return strategy.layout();
  }

  boolean hopB() {
    return strategy.hopB();
  }

  /** How all ranks hold the hidden state between the parts. */
  HeldState hidden() {
    return strategy.hidden(0);
  }

  /** How the model's attention is split. */
  AttentionSplit attention() {
    return AttentionSplit.of(model, layout());
  }

  /** How the model's dense FFNs are split: over all ranks, whatever the experts' layout. */
  FfnSharding dense() {
    return dense(model, layout());
  }

  private static FfnSharding dense(ModelConfig model, Layout layout) {
    boolean alone = model.mixture().isEmpty();
    FfnShape shape = new FfnShape(model.attention().hidden(), model.intermediateSize());
    return new FfnSharding(shape, alone ? layout : Layout.dense(layout.kvp(), layout.tpa()));
  }
}
