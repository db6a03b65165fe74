package dev.helix.runtime.baseline;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a model, held once for all requests: eight bytes for each parameter.
 *
 * <p>Immutable, if the arrays of the source are left alone; one instance serves all requests and
 * threads.
 */
public final class BaselineWeights {
  private final BaselineSizes sizes;
  private final double[] embedding;
  private final List<Layer> layers = new ArrayList<>();
  private final UnshardedRmsNorm finalNorm;
  private final double[] head;

  private BaselineWeights(BaselineSizes sizes, BaselineSource source) {
    this.sizes = sizes;
    int hidden = sizes.hidden();
    this.embedding = load(source, "model.embed_tokens.weight", sizes.vocabulary(), hidden);
    for (int i = 0; i < sizes.layers(); i++) {
      layers.add(loadLayer(source, "model.layers." + i + "."));
    }
    this.finalNorm = loadNorm(source, "model.norm.weight");
    this.head =
        sizes.tiedEmbeddings()
            ? embedding
            : load(source, "lm_head.weight", sizes.vocabulary(), hidden);
  }

  /**
   * Reads every tensor of the model.
   *
   * @throws InvalidInputException if a tensor does not have the size that {@code sizes} says
   */
  public static BaselineWeights load(BaselineSizes sizes, BaselineSource source) {
    return new BaselineWeights(sizes, source);
  }

  public BaselineSizes sizes() {
    return sizes;
  }

  /** The embedding of a token, {@code [hidden]}; a copy. */
  double[] embeddingOf(int token) {
    if (token < 0 || token >= sizes.vocabulary()) {
      throw new InvalidInputException(
          "token %d is not in the vocabulary of %d".formatted(token, sizes.vocabulary()));
    }
    double[] row = new double[sizes.hidden()];
    System.arraycopy(embedding, token * sizes.hidden(), row, 0, sizes.hidden());
    return row;
  }

  /** Layer {@code index} for one request, with an empty cache and the weights of all. */
  UnshardedDecoderLayer newLayer(int index) {
    Layer layer = layers.get(index);
    UnshardedAttention attention =
        new UnshardedAttention(
            sizes.attention(), sizes.rope(), layer.wq, layer.wk, layer.wv, layer.wo);
    return new UnshardedDecoderLayer(layer.attentionNorm, attention, layer.ffnNorm, layer.ffn);
  }

  UnshardedRmsNorm finalNorm() {
    return finalNorm;
  }

  /** {@code [vocabulary, hidden]}. */
  double[] head() {
    return head;
  }

  private Layer loadLayer(BaselineSource source, String prefix) {
    AttentionShape shape = sizes.attention();
    int hidden = sizes.hidden();
    int queries = shape.queryHeads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    int intermediate = sizes.intermediate();
    return new Layer(
        loadNorm(source, prefix + "input_layernorm.weight"),
        load(source, prefix + "self_attn.q_proj.weight", queries, hidden),
        load(source, prefix + "self_attn.k_proj.weight", keys, hidden),
        load(source, prefix + "self_attn.v_proj.weight", keys, hidden),
        load(source, prefix + "self_attn.o_proj.weight", hidden, queries),
        loadNorm(source, prefix + "post_attention_layernorm.weight"),
        new UnshardedSwiGlu(
            hidden,
            intermediate,
            load(source, prefix + "mlp.gate_proj.weight", intermediate, hidden),
            load(source, prefix + "mlp.up_proj.weight", intermediate, hidden),
            load(source, prefix + "mlp.down_proj.weight", hidden, intermediate)));
  }

  private UnshardedRmsNorm loadNorm(BaselineSource source, String name) {
    return new UnshardedRmsNorm(load(source, name, 1, sizes.hidden()), sizes.normEpsilon());
  }

  private static double[] load(BaselineSource source, String name, int rows, int columns) {
    double[] tensor = source.tensor(name);
    if (tensor.length != (long) rows * columns) {
      throw new InvalidInputException(
          "tensor %s has %d elements, expected %d × %d"
              .formatted(name, tensor.length, rows, columns));
    }
    return tensor;
  }

  private static final class Layer {
    final UnshardedRmsNorm attentionNorm;
    final double[] wq;
    final double[] wk;
    final double[] wv;
    final double[] wo;
    final UnshardedRmsNorm ffnNorm;
    final UnshardedSwiGlu ffn;

    Layer(
        UnshardedRmsNorm attentionNorm,
        double[] wq,
        double[] wk,
        double[] wv,
        double[] wo,
        UnshardedRmsNorm ffnNorm,
        UnshardedSwiGlu ffn) {
      this.attentionNorm = attentionNorm;
      this.wq = wq;
      this.wk = wk;
      this.wv = wv;
      this.wo = wo;
      this.ffnNorm = ffnNorm;
      this.ffn = ffn;
    }
  }
}
