package dev.helix.runtime.model;

import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * The decoder as one rank runs it: embedding, layers, head. The embedding is replicated, as every
 * rank needs the whole {@code [batch, hidden]} (Helix Parallelism §2.1); the head, of which the
 * paper does not speak, is split over the vocabulary on all N ranks and gathered.
 */
public final class Decoder<T extends Tensor> {
  private final RankOperations<T> operations;
  private final List<DecoderLayer<T>> layers;
  private final HeadWeights<T> head;
  private final double epsilon;
  private final Group all;
  private final StepTap<T> tap;

  public Decoder(
      RankOperations<T> operations,
      List<DecoderLayer<T>> layers,
      HeadWeights<T> head,
      double epsilon,
      Group all,
      StepTap<T> tap) {
    this.operations = operations;
    this.layers = List.copyOf(layers);
    this.head = head;
    this.epsilon = epsilon;
    this.all = all;
    this.tap = tap;
  }

  /** Makes room for a request in the caches of all layers. */
  public void open(int request, KvPlacement placement, int capacity) {
    layers.forEach(layer -> layer.attention().cache().open(request, placement, capacity));
  }

  /** Takes tokens of a request to be in the caches of all layers. */
  public void openFilled(int request, KvPlacement placement, int capacity, int cached) {
    layers.forEach(
        layer -> layer.attention().cache().openFilled(request, placement, capacity, cached));
  }

  /** Drops a finished request from the caches of all layers. */
  public void close(int request) {
    layers.forEach(layer -> layer.attention().cache().close(request));
  }

  /**
   * One step of the whole model.
   *
   * @return logits {@code [batch, vocabulary]} of the sampled rows alone, in order; the vocabulary
   *     padded to a multiple of the ranks
   */
  public T step(List<StepRow> rows) {
    Kernels<T> kernels = operations.kernels();
    List<QueryToken> step = rows.stream().map(StepRow::query).toList();

    operations.scope().enter(Place.Outside.EMBEDDING);
    int[] tokens = rows.stream().mapToInt(StepRow::token).toArray();
    T x =
        tap.see(
            new TapPoint(TapPoint.OUTSIDE, Quantity.EMBEDDING),
            step,
            kernels.embed(head.embedding(), tokens));

    for (DecoderLayer<T> layer : layers) {
      x = layer.decode(x, step);
    }

    operations.scope().enter(Place.Outside.HEAD);
    int[] sampled =
        java.util.stream.IntStream.range(0, rows.size())
            .filter(row -> rows.get(row).sampled())
            .toArray();
    T last = kernels.selectRows(Phase.HEAD, x, sampled);
    T normed = kernels.rmsNorm(Phase.NORM, last, head.finalNorm(), epsilon);
    T own = kernels.linear(Phase.HEAD, normed, head.lmHead());
    T logits = operations.collectives().allGather(Phase.HEAD, all, Axis.VOCABULARY, own);
    List<QueryToken> sampledPlaces =
        rows.stream().filter(StepRow::sampled).map(StepRow::query).toList();
    return tap.see(new TapPoint(TapPoint.OUTSIDE, Quantity.LOGITS), sampledPlaces, logits);
  }

  /**
   * One rank's weights outside of the layers.
   *
   * @param embedding {@code [vocabulary, hidden]}, whole
   * @param finalNorm {@code [hidden]}
   * @param lmHead {@code [vocabulary, hidden]}: ⌈V/N⌉ rows, padded with zeros where the vocabulary
   *     ends
   */
  public record HeadWeights<T extends Tensor>(T embedding, T finalNorm, T lmHead) {}
}
