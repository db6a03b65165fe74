package dev.helix.runtime.strategy.group;

import static java.util.stream.Collectors.toSet;

import dev.helix.attention.QueryToken;
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
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The head on the ranks of a group, which the paper does not mention. It is split over the
 * vocabulary, and the logits are gathered, so that each rank has all logits of the group's rows.
 *
 * @param finalNorm {@code [hidden]}
 * @param epsilon ε of the norm
 * @param weight {@code [vocabulary, hidden]}: ⌈V/N⌉ rows, padded with zeros behind the vocabulary's
 *     end
 * @param held how the ranks hold the hidden state before, and the logits after
 */
public record GroupHead<T extends Tensor>(
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
    if (x.isEmpty()) {
      return x;
    }
    Kernels<T> kernels = operations.kernels();
    Set<QueryToken> wanted =
        batch.stream().filter(StepRow::sampled).map(StepRow::query).collect(toSet());
    int[] sampled =
        IntStream.range(0, x.rows().size())
            .filter(row -> wanted.contains(x.rows().get(row)))
            .toArray();
    T last = kernels.selectRows(Phase.HEAD, x.values(), sampled);
    T normed = kernels.rmsNorm(Phase.NORM, last, finalNorm, epsilon);
    T own = kernels.linear(Phase.HEAD, normed, weight);
    T logits =
        operations
            .collectives()
            .allGather(Phase.HEAD, held.copies(kernels.rank()), Axis.VOCABULARY, own);
    return new HeldRows<>(logits, IntStream.of(sampled).mapToObj(x.rows()::get).toList());
  }
}
