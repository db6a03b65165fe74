package dev.helix.runtime.definition;

import dev.helix.ffn.definition.GatedWeights;
import dev.helix.ffn.definition.MoeDefinition;
import dev.helix.ffn.definition.SwiGluDefinition;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ExpertNames;
import dev.helix.runtime.checkpoint.LlamaNames;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Defines the logits of the {@code exact} reading for a whole decoder and one request, to the last
 * bit, whatever the layout. It has no ranks, no batch and no kernels, and goes token by token over
 * the whole cache.
 *
 * <p>It is slow: ten tokens of a model of a million parameters take about a second.
 */
public final class DecoderDefinition {
  private final Checkpoint checkpoint;
  private final ModelConfig model;
  private final Map<String, double[]> weights = new HashMap<>();
  private final List<AttentionLayer> attention = new ArrayList<>();
  private int position;

  /**
   * Creates the decoder with an empty cache.
   *
   * @param checkpoint stays open as long as this object is used
   */
  public DecoderDefinition(Checkpoint checkpoint) {
    this(checkpoint, CacheRule.AS_COMPUTED);
  }

  /**
   * Creates the decoder with an empty cache that keeps other numbers than those that are computed.
   *
   * @param checkpoint stays open as long as this object is used
   */
  public DecoderDefinition(Checkpoint checkpoint, CacheRule cache) {
    this.checkpoint = checkpoint;
    this.model = checkpoint.config();
    for (int layer = 0; layer < model.layers(); layer++) {
      attention.add(
          model.latent().isPresent()
              ? new LatentLayer(model, this::weight, cache, layer)
              : new GroupedQueryLayer(model, this::weight, cache, layer));
    }
  }

  /**
   * Processes the token of the next position.
   *
   * @return {@code [vocabulary]}, the logits for the position after it
   */
  public double[] next(int token) {
    int hidden = model.attention().hidden();
    double[] table = weight(LlamaNames.EMBEDDING);
    double[] h = Arrays.copyOfRange(table, token * hidden, (token + 1) * hidden);
    for (int layer = 0; layer < model.layers(); layer++) {
      double[] x = norm(h, LlamaNames.attentionNorm(layer));
      h = LinearDefinition.sum(h, attention.get(layer).next(x, position));
      h = LinearDefinition.sum(h, ffn(layer, norm(h, LlamaNames.ffnNorm(layer))));
    }
    position++;
    return LinearDefinition.project(weight(LlamaNames.OUTPUT), norm(h, LlamaNames.FINAL_NORM));
  }

  /**
   * Processes the prompt, and then each of {@code newTokens} except the last.
   *
   * @return the logits that each new token was chosen from
   */
  public List<double[]> logits(List<Integer> prompt, List<Integer> newTokens) {
    List<double[]> logits = new ArrayList<>();
    for (int i = 0; i + 1 < prompt.size(); i++) {
      next(prompt.get(i));
    }
    logits.add(next(prompt.get(prompt.size() - 1)));
    for (int i = 0; i + 1 < newTokens.size(); i++) {
      logits.add(next(newTokens.get(i)));
    }
    return logits;
  }

  private double[] ffn(int layer, double[] x) {
    Optional<Mixture> mixture = model.mixture(layer);
    if (mixture.isEmpty()) {
      return SwiGluDefinition.apply(
          x, gated(LlamaNames.gate(layer), LlamaNames.up(layer), LlamaNames.down(layer)));
    }
    return moe(layer, mixture.get()).apply(x);
  }

  private MoeDefinition moe(int layer, Mixture mixture) {
    ExpertNames names = mixture.names();
    List<GatedWeights> experts = new ArrayList<>();
    for (int e = 0; e < mixture.shape().experts(); e++) {
      experts.add(gated(names.gate(layer, e), names.up(layer, e), names.down(layer, e)));
    }
    return new MoeDefinition(
        mixture.rule(),
        weight(names.router(layer)),
        mixture.biased() ? weight(names.bias(layer)) : new double[experts.size()],
        experts,
        mixture.shape().hasShared()
            ? Optional.of(
                gated(names.sharedGate(layer), names.sharedUp(layer), names.sharedDown(layer)))
            : Optional.empty());
  }

  private GatedWeights gated(String gate, String up, String down) {
    return new GatedWeights(weight(gate), weight(up), weight(down));
  }

  private double[] norm(double[] x, String name) {
    return LinearDefinition.rmsNorm(x, weight(name), model.rmsNormEpsilon());
  }

  private double[] weight(String name) {
    return weights.computeIfAbsent(name, checkpoint::read);
  }
}
