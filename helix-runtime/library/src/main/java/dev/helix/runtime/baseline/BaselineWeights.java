package dev.helix.runtime.baseline;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention.Compression;
import dev.helix.ffn.baseline.BaselineFfn;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The weights of a model, which all requests share. They take eight bytes for each parameter.
 *
 * <p>It is immutable if nobody changes the arrays of the source. One instance serves all requests
 * and threads.
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
    this.embedding = load(source, "model.embed_tokens.weight", sizes.vocabulary().size(), hidden);
    for (int i = 0; i < sizes.layers(); i++) {
      layers.add(loadLayer(source, i));
    }
    this.finalNorm = loadNorm(source, "model.norm.weight");
    this.head =
        sizes.vocabulary().tiedEmbeddings()
            ? embedding
            : load(source, "lm_head.weight", sizes.vocabulary().size(), hidden);
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

  /** A copy of the embedding of a token, {@code [hidden]}. */
  double[] embeddingOf(int token) {
    if (token < 0 || token >= sizes.vocabulary().size()) {
      throw new InvalidInputException(
          "token %d is not in the vocabulary of %d".formatted(token, sizes.vocabulary().size()));
    }
    double[] row = new double[sizes.hidden()];
    System.arraycopy(embedding, token * sizes.hidden(), row, 0, sizes.hidden());
    return row;
  }

  /** Creates layer {@code index} for one request, with an empty cache. The weights are shared. */
  UnshardedDecoderLayer newLayer(int index) {
    Layer layer = layers.get(index);
    BaselineAttention attention = layer.attention.get();
    return new UnshardedDecoderLayer(layer.attentionNorm, attention, layer.ffnNorm, layer.ffn);
  }

  UnshardedRmsNorm finalNorm() {
    return finalNorm;
  }

  /** The head, {@code [vocabulary, hidden]}. */
  double[] head() {
    return head;
  }

  private Layer loadLayer(BaselineSource source, int index) {
    String prefix = "model.layers." + index + ".";
    String attention = prefix + "self_attn.";
    BaselineFfn ffn =
        sizes
            .ffn()
            .experts()
            .filter(experts -> index >= experts.denseLayers())
            .<BaselineFfn>map(experts -> loadExperts(source, prefix + experts.module(), experts))
            .orElseGet(() -> loadDense(source, prefix + "mlp."));
    return new Layer(
        loadNorm(source, prefix + "input_layernorm.weight"),
        sizes
            .attention()
            .latent()
            .map(latent -> loadLatent(source, attention, latent))
            .orElseGet(() -> loadGroupedQuery(source, attention)),
        loadNorm(source, prefix + "post_attention_layernorm.weight"),
        ffn);
  }

  private Supplier<BaselineAttention> loadGroupedQuery(BaselineSource source, String prefix) {
    AttentionShape shape = sizes.attention().shape();
    int hidden = sizes.hidden();
    int queries = shape.queryHeads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    double[] wq = load(source, prefix + "q_proj.weight", queries, hidden);
    double[] wk = load(source, prefix + "k_proj.weight", keys, hidden);
    double[] wv = load(source, prefix + "v_proj.weight", keys, hidden);
    double[] wo = load(source, prefix + "o_proj.weight", hidden, queries);
    if (sizes.attention().window().isEmpty()) {
      return () -> new UnshardedAttention(shape, sizes.attention().rope(), wq, wk, wv, wo);
    }
    ScoreRule rule =
        ScoreRule.ofScale(1 / Math.sqrt(shape.headDim()))
            .withWindow(sizes.attention().window().getAsInt());
    return () -> new UnshardedAttention(shape, sizes.attention().rope(), rule, wq, wk, wv, wo);
  }

  private Supplier<BaselineAttention> loadLatent(
      BaselineSource source, String prefix, BaselineSizes.Latent latent) {
    LatentShape shape = latent.shape();
    int hidden = sizes.hidden();
    int queries = shape.heads() * shape.queryDim();
    int queryInput = shape.queryLatent().orElse(hidden);
    boolean compressed = shape.queryLatent().isPresent();
    Optional<Compression> compression =
        compressed
            ? Optional.of(
                new Compression(
                    load(source, prefix + "q_a_proj.weight", queryInput, hidden),
                    load(source, prefix + "q_a_layernorm.weight", 1, queryInput)))
            : Optional.empty();
    String query = prefix + (compressed ? "q_b_proj.weight" : "q_proj.weight");
    UnshardedLatentAttention.Weights weights =
        new UnshardedLatentAttention.Weights(
            compression,
            load(source, query, queries, queryInput),
            load(source, prefix + "kv_a_proj_with_mqa.weight", shape.entryDim(), hidden),
            load(source, prefix + "kv_a_layernorm.weight", 1, shape.latent()),
            load(
                source,
                prefix + "kv_b_proj.weight",
                shape.heads() * shape.upRows(),
                shape.latent()),
            load(source, prefix + "o_proj.weight", hidden, shape.heads() * shape.valueDim()));
    return () ->
        new UnshardedLatentAttention(
            shape, sizes.attention().rope(), latent.normEpsilon(), weights);
  }

  private UnshardedSwiGlu loadDense(BaselineSource source, String prefix) {
    return loadSwiGlu(
        source, prefix, sizes.ffn().intermediate(), List.of("gate_proj", "up_proj", "down_proj"));
  }

  private UnshardedMoe loadExperts(BaselineSource source, String prefix, BaselineExperts experts) {
    List<String> names = List.of(experts.gate(), experts.up(), experts.down());
    int count = experts.shape().experts();
    List<UnshardedSwiGlu> routed = new ArrayList<>();
    for (int e = 0; e < count; e++) {
      String expert = prefix + "experts." + e + ".";
      routed.add(loadSwiGlu(source, expert, experts.shape().intermediate(), names));
    }
    int shared = experts.shape().sharedIntermediate();
    return new UnshardedMoe(
        experts.shape(),
        experts.rule(),
        load(source, prefix + "gate.weight", count, sizes.hidden()),
        experts.biased()
            ? load(source, prefix + "gate.e_score_correction_bias", 1, count)
            : new double[count],
        routed,
        shared > 0
            ? Optional.of(loadSwiGlu(source, prefix + "shared_experts.", shared, names))
            : Optional.empty());
  }

  /**
   * Loads a gated FFN.
   *
   * @param names the names of gate, up and down projection
   */
  private UnshardedSwiGlu loadSwiGlu(
      BaselineSource source, String prefix, int intermediate, List<String> names) {
    int hidden = sizes.hidden();
    return new UnshardedSwiGlu(
        hidden,
        intermediate,
        load(source, prefix + names.get(0) + ".weight", intermediate, hidden),
        load(source, prefix + names.get(1) + ".weight", intermediate, hidden),
        load(source, prefix + names.get(2) + ".weight", hidden, intermediate));
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

  /**
   * The weights of one layer, as the parts that use them.
   *
   * @param attention makes the layer's attention with an empty cache
   */
  private record Layer(
      UnshardedRmsNorm attentionNorm,
      Supplier<BaselineAttention> attention,
      UnshardedRmsNorm ffnNorm,
      BaselineFfn ffn) {}
}
