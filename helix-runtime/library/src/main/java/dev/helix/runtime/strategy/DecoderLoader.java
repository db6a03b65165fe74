package dev.helix.runtime.strategy;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.WeightSource;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.model.Decoder.HeadWeights;
import dev.helix.runtime.model.DecoderLayer;
import dev.helix.runtime.model.LayerNorms;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.StepTap;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes from a model's weights what one rank needs, and no more: which rows and columns of each
 * matrix stand on which rank is said here, in {@link AttentionLoader} and in {@link FfnLoader}, and
 * nowhere else.
 */
public final class DecoderLoader<T extends Tensor> {
  private final ShardedModel sharded;
  private final RankOperations<T> operations;
  private final RouterSource<T> routers;
  private final StepTap<T> tap;
  private final Runnable progress;
  private final ModelConfig model;
  private final RankWeights<T> weights;
  private final int rank;

  /**
   * A loader for one rank.
   *
   * @param progress told of each layer whose weights are there
   */
  public DecoderLoader(
      ShardedModel sharded,
      WeightSource source,
      DeployedPrecision precision,
      RankOperations<T> operations,
      RouterSource<T> routers,
      StepTap<T> tap,
      Runnable progress) {
    this.sharded = sharded;
    this.operations = operations;
    this.routers = routers;
    this.tap = tap;
    this.progress = progress;
    this.model = sharded.model();
    this.weights = new RankWeights<>(source, operations.kernels(), precision);
    this.rank = operations.kernels().rank();
  }

  /** The whole decoder. */
  public Decoder<T> load() {
    return load(IntStream.range(0, model.layers()).boxed().toList());
  }

  /** A decoder of some of the layers, in that order. */
  public Decoder<T> load(List<Integer> indices) {
    AttentionLoader<T> attention = new AttentionLoader<>(sharded, operations, weights);
    FfnLoader<T> ffn = new FfnLoader<>(sharded, operations, weights, routers);
    List<DecoderLayer<T>> layers = new ArrayList<>();
    for (int index : indices) {
      operations.scope().enter(Place.weightsOfLayer(index));
      LayerNorms<T> norms =
          new LayerNorms<>(norm(LlamaNames.attentionNorm(index)), norm(LlamaNames.ffnNorm(index)));
      layers.add(
          new DecoderLayer<>(
              index,
              operations,
              norms,
              model.rmsNormEpsilon(),
              attention.load(index),
              ffn.load(index),
              tap));
      progress.run();
    }
    operations.scope().enter(Place.Outside.HEAD_WEIGHTS);
    return new Decoder<>(
        operations, layers, head(), model.rmsNormEpsilon(), sharded.layout().all(), tap);
  }

  /**
   * The whole embedding; ⌈V/N⌉ rows of the head, with rows of zeros behind the vocabulary's end.
   */
  private HeadWeights<T> head() {
    int vocabulary = model.vocabularySize();
    int hidden = model.attention().hidden();
    int share = (vocabulary - 1) / sharded.layout().ranks() + 1;
    int from = Math.min(vocabulary, rank * share);
    int to = Math.min(vocabulary, from + share);
    WeightSlice rows = weights.slice(LlamaNames.OUTPUT, from, to, 0, hidden);
    WeightSlice lmHead = Checkpoint.padRows(rows, share - (to - from));
    WeightSlice embedding = weights.slice(LlamaNames.EMBEDDING, 0, vocabulary, 0, hidden);
    return new HeadWeights<>(
        weights.unquantized(Axis.VOCABULARY, vocabulary, Axis.HIDDEN, hidden, embedding),
        norm(LlamaNames.FINAL_NORM),
        weights.matrix(Axis.VOCABULARY, share, Axis.HIDDEN, hidden, lmHead));
  }

  private T norm(String name) {
    return weights.vector(Axis.HIDDEN, model.attention().hidden(), name);
  }
}
