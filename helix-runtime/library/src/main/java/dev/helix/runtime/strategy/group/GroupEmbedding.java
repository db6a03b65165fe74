package dev.helix.runtime.strategy.group;

import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;

/**
 * The embedding on the ranks of a group. It is replicated, because each of them needs the whole
 * {@code [batch, hidden]} (Helix Parallelism §2.1).
 *
 * @param table {@code [vocabulary, hidden]}, whole
 * @param leaves how the ranks then hold the hidden state
 */
record GroupEmbedding<T extends Tensor>(Kernels<T> kernels, T table, HeldState leaves)
    implements EmbeddingPart<T> {
  @Override
  public HeldRows<T> embed(List<StepRow> batch) {
    int[] tokens = batch.stream().mapToInt(StepRow::token).toArray();
    return new HeldRows<>(
        kernels.embed(table, tokens), batch.stream().map(StepRow::query).toList());
  }
}
