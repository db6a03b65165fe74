package dev.helix.runtime.strategy.pipeline;

import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.program.Phase;
import java.util.List;

/**
 * Receives the hidden state of a micro-batch from the stage before. Each rank gets the whole state
 * from the rank with the same index in that stage.
 *
 * @param link the rank that sends, and this one
 * @param row {@code [batch=1, hidden]}
 */
record StageEntry<T extends Tensor>(
    Collectives<T> collectives, PipelineStrategy strategy, Group link, Spec row)
    implements EmbeddingPart<T> {
  @Override
  public HeldState leaves() {
    return strategy.hidden(link.ranks().get(1));
  }

  @Override
  public boolean embeds() {
    return false;
  }

  @Override
  public List<List<StepRow>> microBatches(List<StepRow> batch) {
    return strategy.microBatches(batch);
  }

  @Override
  public HeldRows<T> embed(List<StepRow> batch) {
    return new HeldRows<>(
        collectives.receive(Phase.PIPELINE, link, row.resized(Axis.BATCH, batch.size())),
        batch.stream().map(StepRow::query).toList());
  }
}
