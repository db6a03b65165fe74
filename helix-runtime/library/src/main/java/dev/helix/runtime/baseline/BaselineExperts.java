package dev.helix.runtime.baseline;

import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;

/**
 * The mixture of experts of a model, and the names that Hugging Face gives its weights.
 *
 * @param shape the sizes of the mixture
 * @param rule the rule by which experts are chosen
 * @param denseLayers how many of the first layers have a dense FFN instead
 * @param biased whether the router has a bias that is used for the choice only
 * @param module name of the FFN within a layer, {@code "mlp."}
 * @param gate name of an expert's gate projection, {@code "gate_proj"}
 * @param up name of an expert's up projection
 * @param down name of an expert's down projection
 */
public record BaselineExperts(
    MoeShape shape,
    RouterRule rule,
    int denseLayers,
    boolean biased,
    String module,
    String gate,
    String up,
    String down) {
  /** The mixture of a model whose weights have DeepSeek's names. */
  public static BaselineExperts deepSeek(
      MoeShape shape, RouterRule rule, int denseLayers, boolean biased) {
    return new BaselineExperts(
        shape, rule, denseLayers, biased, "mlp.", "gate_proj", "up_proj", "down_proj");
  }

  /** The mixture of a model whose weights have Mixtral's names. */
  public static BaselineExperts mixtral(MoeShape shape, RouterRule rule) {
    return new BaselineExperts(shape, rule, 0, false, "block_sparse_moe.", "w1", "w3", "w2");
  }
}
