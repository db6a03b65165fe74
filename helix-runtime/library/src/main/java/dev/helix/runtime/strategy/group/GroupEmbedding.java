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
 * @param none {@code [batch=0, hidden]}, the state if the group has no rows
 * @param group the group whose rows are embedded
 */
record GroupEmbedding<T extends Tensor>(Kernels<T> kernels, T table, T none, GroupModel group)
    implements EmbeddingPart<T> {
  @Override
  public HeldState leaves() {
    return group.hidden();
  }

  @Override
  public HeldRows<T> embed(List<StepRow> batch) {
    List<StepRow> own =
        batch.stream().filter(row -> group.requests().test(row.query().request())).toList();
    if (own.isEmpty()) {
      return new HeldRows<>(none, List.of());
    }
    int[] tokens = own.stream().mapToInt(StepRow::token).toArray();
    return new HeldRows<>(kernels.embed(table, tokens), own.stream().map(StepRow::query).toList());
  }
}
