package dev.helix.runtime.strategy.pipeline;

import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/** The embedding part of the first stage, which embeds one micro-batch after the other. */
record FirstStage<T extends Tensor>(EmbeddingPart<T> embedding, PipelineStrategy strategy)
    implements EmbeddingPart<T> {
  @Override
  public HeldState leaves() {
    return embedding.leaves();
  }

  @Override
  public List<List<StepRow>> microBatches(List<StepRow> batch) {
    return strategy.microBatches(batch);
  }

  @Override
  public HeldRows<T> embed(List<StepRow> batch) {
    return embedding.embed(batch);
  }
}
