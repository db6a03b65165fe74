package dev.helix.runtime.strategy.group;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.FfnPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.Consumer;

/**
 * The parts of a rank that holds nothing of the hidden state and waits while other ranks run
 * theirs.
 */
public final class IdleParts {
  private IdleParts() {}

  /** An embedding that gives the rank no rows. */
  public static <T extends Tensor> EmbeddingPart<T> embedding(
      RankLoading<T> loading, HeldState held) {
    return new Embedding<>(noRows(loading), held);
  }

  /** An FFN in which the rank takes no part. */
  public static <T extends Tensor> FfnPart<T> ffn(HeldState held) {
    return new Ffn<>(held);
  }

  /** A head in which the rank takes no part. */
  public static <T extends Tensor> HeadPart<T> head(HeldState held) {
    return new Head<>(held);
  }

  /** A hidden state without rows, {@code [batch=0, hidden]}. */
  static <T extends Tensor> T noRows(RankLoading<T> loading) {
    Spec spec =
        Spec.of(
            loading.weights().precision().activations(),
            Axis.BATCH,
            0,
            Axis.HIDDEN,
            loading.model().attention().hidden());
    return loading
        .operations()
        .kernels()
        .constant(spec, new WeightSlice("no rows", () -> new double[0]));
  }

  private record Embedding<T extends Tensor>(T none, HeldState leaves) implements EmbeddingPart<T> {
    @Override
    public HeldRows<T> embed(List<StepRow> batch) {
      return new HeldRows<>(none, List.of());
    }
  }

  private record Ffn<T extends Tensor>(HeldState takes) implements FfnPart<T> {
    @Override
    public HeldState leaves() {
      return takes;
    }

    @Override
    public T apply(HeldRows<T> x, List<QueryToken> step, Consumer<Routing> routed) {
      return x.values();
    }
  }

  private record Head<T extends Tensor>(HeldState takes) implements HeadPart<T> {
    @Override
    public HeldState leaves() {
      return takes;
    }

    @Override
    public HeldRows<T> logits(HeldRows<T> x, List<StepRow> batch) {
      return x;
    }
  }
}
