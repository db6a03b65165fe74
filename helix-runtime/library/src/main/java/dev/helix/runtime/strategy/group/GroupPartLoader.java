package dev.helix.runtime.strategy.helix;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.LayerParts;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;

/**
 * Makes the parts of one rank under Helix: which rows and columns of each matrix stand on which
 * rank is said here, in the {@link AttentionLoader}s and in {@link FfnLoader}, and nowhere else.
 */
final class HelixPartLoader<T extends Tensor> implements PartLoader<T> {
  private final HelixModel helix;
  private final RankLoading<T> loading;
  private final AttentionLoader<T> attention;
  private final FfnLoader<T> ffn;

  HelixPartLoader(HelixModel helix, RankLoading<T> loading) {
    this.helix = helix;
    this.loading = loading;
    this.attention = helix.attention().loader(helix, loading.operations(), loading.weights());
    this.ffn = new FfnLoader<>(helix, loading.operations(), loading.weights(), loading.routers());
  }

  /** The whole embedding on every rank. */
  @Override
  public EmbeddingPart<T> embedding() {
    ModelConfig model = helix.model();
    int vocabulary = model.vocabularySize();
    int hidden = model.attention().hidden();
    RankWeights<T> weights = loading.weights();
    WeightSlice embedding = weights.slice(LlamaNames.EMBEDDING, 0, vocabulary, 0, hidden);
    return new HelixEmbedding<>(
        loading.operations().kernels(),
        weights.unquantized(Axis.VOCABULARY, vocabulary, Axis.HIDDEN, hidden, embedding),
        helix.hidden());
  }

  @Override
  public LayerParts<T> layer(int layer) {
    return new LayerParts<>(
        new HelixAttentionPart<>(attention.load(layer), helix),
        new HelixFfnPart<>(ffn.load(layer), helix.hidden()));
  }

  /** ⌈V/N⌉ rows of the head, with rows of zeros behind the vocabulary's end. */
  @Override
  public HeadPart<T> head() {
    ModelConfig model = helix.model();
    int vocabulary = model.vocabularySize();
    int hidden = model.attention().hidden();
    int share = (vocabulary - 1) / helix.layout().ranks() + 1;
    int from = Math.min(vocabulary, helix.layout().index(loading.rank()) * share);
    int to = Math.min(vocabulary, from + share);
    RankWeights<T> weights = loading.weights();
    WeightSlice rows = weights.slice(LlamaNames.OUTPUT, from, to, 0, hidden);
    WeightSlice lmHead = Checkpoint.padRows(rows, share - (to - from));
    return new HelixHead<>(
        loading.operations(),
        weights.vector(Axis.HIDDEN, hidden, LlamaNames.FINAL_NORM),
        model.rmsNormEpsilon(),
        weights.matrix(Axis.VOCABULARY, share, Axis.HIDDEN, hidden, lmHead),
        helix.hidden());
  }
}
