package dev.helix.runtime.strategy.group;

import dev.helix.attention.SelfAttention;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.model.AttentionPart;
import dev.helix.runtime.model.EmbeddingPart;
import dev.helix.runtime.model.FfnPart;
import dev.helix.runtime.model.HeadPart;
import dev.helix.runtime.model.LayerParts;
import dev.helix.runtime.strategy.PartLoader;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes the parts of one rank of a group. Only this class, the {@link AttentionLoader}s and {@link
 * FfnLoader} know which rows and columns of each matrix are on which rank.
 */
public final class GroupPartLoader<T extends Tensor> implements PartLoader<T> {
  private final GroupModel group;
  private final RankLoading<T> loading;
  private final AttentionLoader<T> attention;
  private final FfnLoader<T> ffn;

  /** Creates the loader of one rank. */
  public GroupPartLoader(GroupModel group, RankLoading<T> loading) {
    this.group = group;
    this.loading = loading;
    this.attention = group.attention().loader(group, loading);
    this.ffn = new FfnLoader<>(group, loading.operations(), loading.weights(), loading.routers());
  }

  /** The rank whose parts this loader makes. */
  public int rank() {
    return loading.rank();
  }

  @Override
  public List<Integer> layers() {
    return IntStream.range(0, group.model().layers()).boxed().toList();
  }

  /** Loads the whole embedding, which every rank has. */
  @Override
  public EmbeddingPart<T> embedding() {
    ModelConfig model = group.model();
    int vocabulary = model.vocabularySize();
    int hidden = model.attention().hidden();
    RankWeights<T> weights = loading.weights();
    WeightSlice embedding = weights.slice(LlamaNames.EMBEDDING, 0, vocabulary, 0, hidden);
    T table = weights.unquantized(Axis.VOCABULARY, vocabulary, Axis.HIDDEN, hidden, embedding);
    return new GroupEmbedding<>(
        loading.operations().kernels(), table, IdleParts.noRows(loading), group);
  }

  @Override
  public LayerParts<T> layer(int layer) {
    return new LayerParts<>(attention(layer, selfAttention(layer)), ffnPart(layer));
  }

  /** The loader of the FFNs, for strategies that divide the experts in another way. */
  public FfnLoader<T> ffn() {
    return ffn;
  }

  /** Loads the FFN of a layer. */
  public FfnPart<T> ffnPart(int layer) {
    return new GroupFfnPart<>(ffn.load(layer), group.hidden());
  }

  /** Loads the attention of a layer, with an empty cache. */
  public SelfAttention<T> selfAttention(int layer) {
    return attention.load(layer);
  }

  /** Makes the attention of a layer a part of the decoder, for the group's own requests. */
  public AttentionPart<T> attention(int layer, SelfAttention<T> self) {
    return new GroupAttentionPart<>(
        self, group, agreed -> loading.caches().placement(layer, agreed));
  }

  /** Loads ⌈V/N⌉ rows of the head, with rows of zeros behind the vocabulary's end. */
  @Override
  public HeadPart<T> head() {
    ModelConfig model = group.model();
    int vocabulary = model.vocabularySize();
    int hidden = model.attention().hidden();
    int share = (vocabulary - 1) / group.layout().ranks() + 1;
    int from = Math.min(vocabulary, group.layout().index(loading.rank()) * share);
    int to = Math.min(vocabulary, from + share);
    RankWeights<T> weights = loading.weights();
    WeightSlice rows = weights.slice(LlamaNames.OUTPUT, from, to, 0, hidden);
    WeightSlice lmHead = Checkpoint.padRows(rows, share - (to - from));
    return new GroupHead<>(
        loading.operations(),
        weights.vector(Axis.HIDDEN, hidden, LlamaNames.FINAL_NORM),
        model.rmsNormEpsilon(),
        weights.matrix(Axis.VOCABULARY, share, Axis.HIDDEN, hidden, lmHead),
        group.hidden());
  }
}
