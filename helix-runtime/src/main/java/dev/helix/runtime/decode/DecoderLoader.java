package dev.helix.runtime.decode;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.AttentionSharding;
import dev.helix.attention.AttentionWeights;
import dev.helix.attention.HelixAttention;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.ffn.DenseFfnWeights;
import dev.helix.ffn.FfnSharding;
import dev.helix.ffn.HelixDenseFfn;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.HelixDecoder.HeadWeights;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes from a checkpoint what one rank needs, and no more: which rows and columns of each matrix
 * stand on which rank is said here and nowhere else.
 */
final class DecoderLoader<T extends Tensor> {
  private final DecodePlan plan;
  private final RankOperations<T> operations;
  private final StepTap<T> tap;
  private final Runnable progress;
  private final Checkpoint checkpoint;
  private final ModelConfig model;
  private final AttentionSharding attentionSharding;
  private final FfnSharding ffnSharding;
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
    this.attentionSharding = new AttentionSharding(model.attention(), plan.layout());
    this.ffnSharding = new FfnSharding(plan.ffn(), plan.layout());
    this.rank = operations.kernels().rank();
  }

  HelixDecoder<T> load() {
    RotaryEmbedding rotary = new RotaryEmbedding(model.rope(), model.attention().headDim());
    List<DecoderLayer<T>> layers = new ArrayList<>();
    for (int index = 0; index < model.layers(); index++) {
      operations.scope().enter("weights of layer " + index);
      layers.add(layer(index, rotary));
      progress.run();
    }
    operations.scope().enter("weights of the head");
    return new HelixDecoder<>(
        operations, layers, head(), model.rmsNormEpsilon(), plan.layout().all(), tap);
  }

  private DecoderLayer<T> layer(int index, RotaryEmbedding rotary) {
    LayerWeights<T> weights =
        new LayerWeights<>(
            norm(LlamaNames.attentionNorm(index)),
            attention(index),
            norm(LlamaNames.ffnNorm(index)),
            ffn(index));
    KvShard<T> cache =
        new KvShard<>(
            operations.attention(),
            plan.layout().kvpIndex(rank),
            attentionSharding.localKvHeads(),
            model.attention().headDim(),
            model.activations());
    HelixAttention<T> attention =
        new HelixAttention<>(
            operations.kernels(),
            operations.attention(),
            operations.collectives(),
            attentionSharding,
            rotary,
            weights.attention(),
            cache);
    HelixDenseFfn<T> ffn =
        new HelixDenseFfn<>(
            operations.kernels(),
            operations.ffn(),
            operations.collectives(),
            ffnSharding,
            weights.ffn());
    return new DecoderLayer<>(
        index, operations, weights, model.rmsNormEpsilon(), attention, ffn, tap);
  }

  /** Rows of this rank's Q/TPA query and K/TPA KV heads; columns of its Q/N owned heads. */
  private AttentionWeights<T> attention(int index) {
    AttentionShape whole = model.attention();
    AttentionShape local = attentionSharding.local();
    int dim = whole.headDim();
    int hidden = whole.hidden();
    int queryFrom = attentionSharding.firstPartialHead(rank) * dim;
    int queryTo = queryFrom + local.queryHeads() * dim;
    int kvFrom = attentionSharding.firstKvHead(rank) * dim;
    int kvTo = kvFrom + local.kvHeads() * dim;
    int ownFrom = attentionSharding.firstOwnedHead(rank) * dim;
    int ownTo = ownFrom + attentionSharding.ownedHeads() * dim;
    WeightSlice qkv =
        Checkpoint.stack(
            List.of(
                checkpoint.slice(LlamaNames.query(index), queryFrom, queryTo, 0, hidden),
                checkpoint.slice(LlamaNames.key(index), kvFrom, kvTo, 0, hidden),
                checkpoint.slice(LlamaNames.value(index), kvFrom, kvTo, 0, hidden)));
    WeightSlice output =
        checkpoint.slice(LlamaNames.attentionOutput(index), 0, hidden, ownFrom, ownTo);
    return new AttentionWeights<>(
        constant(matrix(Axis.QKV, local.qkvRows(), Axis.HIDDEN, hidden), qkv),
        constant(matrix(Axis.HIDDEN, hidden, Axis.HEADS_BY_DIM, ownTo - ownFrom), output));
  }

  /** F/TPF columns of gate and up, and the matching ones of down. */
  private DenseFfnWeights<T> ffn(int index) {
    int hidden = plan.ffn().hidden();
    int from = ffnSharding.firstColumn(rank);
    int to = from + ffnSharding.localColumns();
    WeightSlice gateUp =
        Checkpoint.stack(
            List.of(
                checkpoint.slice(LlamaNames.gate(index), from, to, 0, hidden),
                checkpoint.slice(LlamaNames.up(index), from, to, 0, hidden)));
    WeightSlice down = checkpoint.slice(LlamaNames.down(index), 0, hidden, from, to);
    return new DenseFfnWeights<>(
        constant(matrix(Axis.GATE_UP, 2 * (to - from), Axis.HIDDEN, hidden), gateUp),
        constant(matrix(Axis.HIDDEN, hidden, Axis.INTERMEDIATE, to - from), down));
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
        constant(matrix(Axis.VOCABULARY, vocabulary, Axis.HIDDEN, hidden), embedding),
        norm(LlamaNames.FINAL_NORM),
        constant(matrix(Axis.VOCABULARY, share, Axis.HIDDEN, hidden), lmHead));
  }

  private T norm(String name) {
    Spec spec = Spec.of(model.activations(), Axis.HIDDEN, model.attention().hidden());
    return constant(spec, checkpoint.vector(name));
  }

  private Spec matrix(Axis outer, int outerSize, Axis inner, int innerSize) {
    return Spec.of(model.activations(), outer, outerSize, inner, innerSize);
  }

  private T constant(Spec spec, WeightSlice slice) {
    return operations.kernels().constant(spec, slice);
  }
}
