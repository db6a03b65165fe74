package dev.helix.runtime.checkpoint;

import dev.helix.attention.AttentionKind;
import dev.helix.attention.AttentionShape;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.runtime.checkpoint.ModelConfig.LayerShape;
import dev.helix.runtime.checkpoint.weights.PackedExperts;
import dev.helix.runtime.checkpoint.weights.WeightShape;
import dev.helix.tensor.io.JsonObject;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Mixtral. It has Mistral's attention, and experts with a softmax router in every layer. */
final class MixtralFamily implements ModelFamily {
  @Override
  public String architecture() {
    return "MixtralForCausalLM";
  }

  @Override
  public String modelType() {
    return "mixtral";
  }

  @Override
  public ModelConfig config(JsonObject json) {
    LlamaFamily.refuseWhatIsNotComputed(json, this);
    QuantizationConfig.require(json);
    AttentionShape attention = LlamaFamily.attention(json, FamilyDefaults.MIXTRAL);
    int intermediate = json.positive("intermediate_size");
    int experts = json.has("num_local_experts") ? json.positive("num_local_experts") : 8;
    int topK = json.has("num_experts_per_tok") ? json.positive("num_experts_per_tok") : 2;
    Mixture mixture =
        LlamaFamily.naming(
            json,
            () ->
                new Mixture(
                    new MoeShape(attention.hidden(), experts, intermediate, 0),
                    RouterRule.plain(experts, topK, true),
                    0,
                    false,
                    ExpertNames.MIXTRAL));
    LayerShape shape =
        new LayerShape(
            new AttentionKind.GroupedQuery(attention), intermediate, Optional.of(mixture));
    return LlamaFamily.decoder(
        json, shape, FamilyDefaults.MIXTRAL.slidingWindow(json), FamilyDefaults.MIXTRAL);
  }

  @Override
  public Stream<WeightShape> weights(ModelConfig config) {
    return LlamaFamily.decoder(
        config,
        layer ->
            Stream.concat(
                LlamaFamily.groupedQueryAttention(config, layer), experts(config, layer)));
  }

  @Override
  public String storedName(ModelConfig config, String tensor) {
    return LlamaFamily.tiedName(config, tensor);
  }

  /** The weights of a layer's mixture. */
  static Stream<WeightShape> experts(ModelConfig config, int layer) {
    Mixture mixture = config.mixture(layer).orElseThrow();
    ExpertNames names = mixture.names();
    long hidden = mixture.shape().hidden();
    long shared = mixture.shape().sharedIntermediate();
    Stream<WeightShape> router =
        Stream.of(WeightShape.of(names.router(layer), mixture.shape().experts(), hidden));
    Stream<WeightShape> bias =
        mixture.biased()
            ? Stream.of(WeightShape.of(names.bias(layer), mixture.shape().experts()))
            : Stream.empty();
    Stream<WeightShape> routed =
        IntStream.range(0, mixture.shape().experts())
            .boxed()
            .flatMap(expert -> expert(mixture, layer, expert));
    Stream<WeightShape> always =
        mixture.shape().hasShared()
            ? Stream.of(
                WeightShape.of(names.sharedGate(layer), shared, hidden),
                WeightShape.of(names.sharedUp(layer), shared, hidden),
                WeightShape.of(names.sharedDown(layer), hidden, shared))
            : Stream.empty();
    return Stream.of(router, bias, routed, always).flatMap(part -> part);
  }

  private static Stream<WeightShape> expert(Mixture mixture, int layer, int expert) {
    ExpertNames names = mixture.names();
    int experts = mixture.shape().experts();
    long hidden = mixture.shape().hidden();
    long inner = mixture.shape().intermediate();
    String gateUp = names.packedGateUp(layer);
    String down = names.packedDown(layer);
    return Stream.of(
        WeightShape.of(names.gate(layer, expert), inner, hidden)
            .orIn(new PackedExperts(gateUp, experts, expert, 0, 2)),
        WeightShape.of(names.up(layer, expert), inner, hidden)
            .orIn(new PackedExperts(gateUp, experts, expert, 1, 2)),
        WeightShape.of(names.down(layer, expert), hidden, inner)
            .orIn(new PackedExperts(down, experts, expert, 0, 1)));
  }
}
