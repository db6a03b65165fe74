package dev.helix.runtime.model;

import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/**
 * Where the hidden state of a step ends, as one rank runs it: the logits, or another rank to which
 * it is handed over.
 */
public interface HeadPart<T extends Tensor> {
  /** How the ranks must hold the hidden state that it takes. */
  HeldState takes();

  /** Which ranks have the logits: all, or some, or each those of its own requests. */
  HeldState leaves();

  /**
   * The logits that this rank has.
   *
   * @param x this rank's rows of the hidden state
   * @param batch all rows of the step, or of one of its micro-batches
   * @return of sampled rows alone, in order, {@code [batch=rows, vocabulary]}; the vocabulary may
   *     be padded
   */
  HeldRows<T> logits(HeldRows<T> x, List<StepRow> batch);
}
