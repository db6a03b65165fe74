package dev.helix.runtime.strategy.helix;

import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import dev.helix.tensor.program.Phase;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The head under Helix, of which the paper does not speak: split over the vocabulary on all N ranks
 * and gathered, so that every rank has all logits.
 *
 * @param finalNorm {@code [hidden]}
 * @param epsilon ε of the norm
 * @param weight {@code [vocabulary, hidden]}: ⌈V/N⌉ rows, padded with zeros where the vocabulary
 *     ends
 * @param held replicated on all ranks: the hidden state and the logits
 */
record HelixHead<T extends Tensor>(
    RankOperations<T> operations, T finalNorm, double epsilon, T weight, HeldState held)
    implements HeadPart<T> {
  @Override
  public HeldState takes() {
    return held;
  }

  @Override
  public HeldState leaves() {
    return held;
  }

  @Override
  public HeldRows<T> logits(HeldRows<T> x, List<StepRow> batch) {
    Kernels<T> kernels = operations.kernels();
    int[] sampled =
        IntStream.range(0, batch.size()).filter(row -> batch.get(row).sampled()).toArray();
    T last = kernels.selectRows(Phase.HEAD, x.values(), sampled);
    T normed = kernels.rmsNorm(Phase.NORM, last, finalNorm, epsilon);
    T own = kernels.linear(Phase.HEAD, normed, weight);
    T logits = operations.collectives().allGather(Phase.HEAD, held.group(), Axis.VOCABULARY, own);
    return new HeldRows<>(
        logits, IntStream.of(sampled).mapToObj(row -> batch.get(row).query()).toList());
  }
}
