package dev.helix.runtime.strategy.pipeline;

import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.program.Phase;
import java.util.List;

/**
 * Sends the hidden state of a micro-batch to the next stage.
 *
 * @param link this rank, and the one that receives
 * @param takes how the stage has the state
 * @param leaves which ranks have the logits in the end: those of the last stage
 */
record StageExit<T extends Tensor>(
    RankOperations<T> operations, Group link, HeldState takes, HeldState leaves)
    implements HeadPart<T> {
  @Override
  public HeldRows<T> logits(HeldRows<T> x, List<StepRow> batch) {
    operations.collectives().send(Phase.PIPELINE, link, x.values());
    return new HeldRows<>(operations.kernels().rows(x.values(), 0, 0), List.of());
  }
}
