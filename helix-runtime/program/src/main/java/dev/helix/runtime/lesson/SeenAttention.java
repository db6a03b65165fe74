package dev.helix.runtime.lesson;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A reading that keeps what attention of each layer is given in the first step of one request on
 * one rank: all keys and values, and the last query. It changes no number.
 */
final class SeenAttention<T extends Tensor> implements Reading<T> {
  /**
   * The input of the attention of one layer.
   *
   * @param queries {@code [heads, headDim]} of the last token
   * @param keys {@code [tokens, kvHeads, headDim]}
   * @param values {@code [tokens, kvHeads, headDim]}
   */
  @SuppressWarnings("ArrayRecordComponent") // It is read once, and nobody compares two.
  record Input(double[] queries, double[] keys, double[] values) {}

  private final Reading<T> seen;
  private final int layers;
  private final List<double[]> keys = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();
  private final List<double[]> queries = new ArrayList<>();

  /**
   * Watches a reading.
   *
   * @param layers number of layers of the model
   */
  SeenAttention(Reading<T> seen, int layers) {
    this.seen = seen;
    this.layers = layers;
  }

  /** What the layers were given, in order. */
  List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      inputs.add(new Input(queries.get(layer), keys.get(layer), values.get(layer)));
    }
    return inputs;
  }

  @Override
  public String name() {
    return seen.name();
  }

  @Override
  public RankOperations<T> on(Communicator communicator) {
    RankOperations<T> own = seen.on(communicator);
    return new RankOperations<>(
        own.scope(),
        own.kernels(),
        watched(own.kernels(), own.attention()),
        own.ffn(),
        own.collectives());
  }

  private AttentionKernels<T> watched(Kernels<T> kernels, AttentionKernels<T> attention) {
    return new ForwardingAttentionKernels<>(attention) {
      @Override
      public void appendKv(T newKeys, T newValues, List<CacheSlot<T>> slots) {
        keys.add(kernels.toHost(newKeys));
        values.add(kernels.toHost(newValues));
        super.appendKv(newKeys, newValues, slots);
      }

      @Override
      public PartialAttention<T> flashDecode(
          Piece piece, T all, List<KvView<T>> views, ScoreRule rule, int valueDim) {
        double[] rows = kernels.toHost(all);
        int width = rows.length / views.size();
        queries.add(Arrays.copyOfRange(rows, rows.length - width, rows.length));
        return super.flashDecode(piece, all, views, rule, valueDim);
      }
    };
  }
}
