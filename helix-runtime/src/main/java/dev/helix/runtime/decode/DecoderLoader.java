package dev.helix.runtime.decode;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.HelixDecoder.HeadWeights;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes from a checkpoint what one rank needs, and no more: which rows and columns of each matrix
 * stand on which rank is said here, in {@link AttentionLoader} and in {@link FfnLoader}, and
 * nowhere else.
 */
final class DecoderLoader<T extends Tensor> {
  private final DecodePlan plan;
  private final RankOperations<T> operations;
  private final StepTap<T> tap;
  private final Runnable progress;
  private final Checkpoint checkpoint;
  private final ModelConfig model;
  private final RankWeights<T> weights;
  private final int rank;

  /**
   * A loader for one rank.
   *
   * @param progress told of each layer whose weights are there
   */
  DecoderLoader(DecodePlan plan, RankOperations<T> operations, StepTap<T> tap, Runnable progress) {
    this.progress = progress;
    this.plan = plan;
    this.operations = operations;
    this.tap = tap;
    this.checkpoint = plan.checkpoint();
    this.model = plan.model();
    this.weights = new RankWeights<>(checkpoint, operations.kernels(), model.activations());
    this.rank = operations.kernels().rank();
  }

  HelixDecoder<T> load() {
    AttentionLoader<T> attention = new AttentionLoader<>(plan, operations, weights);
    FfnLoader<T> ffn = new FfnLoader<>(plan, operations, weights);
    List<DecoderLayer<T>> layers = new ArrayList<>();
    for (int index = 0; index < model.layers(); index++) {
      operations.scope().enter("weights of layer " + index);
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
    operations.scope().enter("weights of the head");
    return new HelixDecoder<>(
        operations, layers, head(), model.rmsNormEpsilon(), plan.layout().all(), tap);
  }

  /**
   * The whole embedding; ⌈V/N⌉ rows of the head, with rows of zeros behind the vocabulary's end.
   */
  private HeadWeights<T> head() {
    int vocabulary = model.vocabularySize();
    int hidden = model.attention().hidden();
    int share = (vocabulary - 1) / plan.layout().ranks() + 1;
    int from = Math.min(vocabulary, rank * share);
    int to = Math.min(vocabulary, from + share);
    WeightSlice rows = checkpoint.slice(LlamaNames.OUTPUT, from, to, 0, hidden);
    WeightSlice lmHead = Checkpoint.padRows(rows, share - (to - from));
    WeightSlice embedding = checkpoint.slice(LlamaNames.EMBEDDING, 0, vocabulary, 0, hidden);
    return new HeadWeights<>(
        weights.matrix(Axis.VOCABULARY, vocabulary, Axis.HIDDEN, hidden, embedding),
        norm(LlamaNames.FINAL_NORM),
        weights.matrix(Axis.VOCABULARY, share, Axis.HIDDEN, hidden, lmHead));
  }

  private T norm(String name) {
    return weights.vector(Axis.HIDDEN, model.attention().hidden(), name);
  }
}
