package dev.helix.runtime.model;

import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/**
 * The end of a step as one rank runs it: the logits, or the handing over of the hidden state to
 * another rank.
 */
public interface HeadPart<T extends Tensor> {
  /** How the ranks must hold the hidden state that this part takes. */
  HeldState takes();

  /**
   * Says which ranks have the logits: all ranks, some of them, or each rank those of its own
   * requests.
   */
  HeldState leaves();

  /**
   * The logits that this rank has.
   *
   * @param x this rank's rows of the hidden state
   * @param batch all rows of the step, or of one of its micro-batches
   * @return the logits of sampled rows only, in order, {@code [batch=rows, vocabulary]}; the
   *     vocabulary may be padded
   */
  HeldRows<T> logits(HeldRows<T> x, List<StepRow> batch);
}
