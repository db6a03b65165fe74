package dev.helix.runtime.checkpoint;

import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import dev.helix.attention.rotary.YarnScaling;
import dev.helix.tensor.io.JsonObject;
import java.util.Optional;

/**
 * Reads the rotary embedding of the Llama family, which {@code config.json} states in one of two
 * ways: {@code rope_theta} with {@code rope_scaling}, or in newer files one object {@code
 * rope_parameters}.
 */
final class RopeConfig {
  private RopeConfig() {}

  /**
   * The rotary embedding of a configuration.
   *
   * @param absent the θ of a file that states none
   */
  static RopeParameters read(JsonObject json, double absent) {
    refusePartial(json);
    if (!json.has("rope_parameters")) {
      double theta = json.has("rope_theta") ? json.number("rope_theta") : absent;
      return json.optionalObject("rope_scaling")
          .map(scaling -> scaled(theta, scaling))
          .orElseGet(() -> LlamaFamily.naming(json, () -> RopeParameters.of(theta)));
    }
    if (json.has("rope_scaling")) {
      throw json.unexpected("rope_scaling", "nothing beside rope_parameters");
    }
    JsonObject parameters = json.object("rope_parameters");
    refusePartial(parameters);
    double theta =
        parameters.has("rope_theta") || !json.has("rope_theta")
            ? parameters.number("rope_theta")
            : json.number("rope_theta");
    if (json.has("rope_theta") && json.number("rope_theta") != theta) {
      throw json.unexpected("rope_theta", "%s as in rope_parameters".formatted(theta));
    }
    return parameters.has("rope_type") || parameters.has("type")
        ? scaled(theta, parameters)
        : LlamaFamily.naming(json, () -> RopeParameters.of(theta));
  }

  /** Reads {@code rope_scaling}, in which {@code type} is the older name of {@code rope_type}. */
  private static RopeParameters scaled(double theta, JsonObject scaling) {
    String field = !scaling.has("rope_type") && scaling.has("type") ? "type" : "rope_type";
    return switch (scaling.text(field)) {
      case "default" -> LlamaFamily.naming(scaling, () -> RopeParameters.of(theta));
      case "llama3" -> llama3(theta, scaling);
      case "yarn" -> yarn(theta, scaling);
      default -> throw scaling.unexpected(field, "llama3, yarn or default");
    };
  }

  private static RopeParameters llama3(double theta, JsonObject scaling) {
    double factor = scaling.number("factor");
    double low = scaling.number("low_freq_factor");
    double high = scaling.number("high_freq_factor");
    int original = scaling.positive("original_max_position_embeddings");
    return LlamaFamily.naming(
        scaling,
        () ->
            new RopeParameters(theta, Optional.of(new Llama3Scaling(factor, low, high, original))));
  }

  /**
   * Reads YaRN's parameters, with the values that DeepSeek's own code uses for those that are left
   * out.
   */
  private static RopeParameters yarn(double theta, JsonObject scaling) {
    if (scaling.has("attention_factor")) {
      throw scaling.unexpected("attention_factor", "nothing");
    }
    if (!scaling.flag("truncate", true)) {
      throw scaling.unexpected("truncate", "true");
    }
    double factor = scaling.number("factor");
    double fast = scaling.has("beta_fast") ? scaling.number("beta_fast") : 32;
    double slow = scaling.has("beta_slow") ? scaling.number("beta_slow") : 1;
    double mscale = scaling.has("mscale") ? scaling.number("mscale") : 1;
    double allDim = scaling.has("mscale_all_dim") ? scaling.number("mscale_all_dim") : 0;
    int original = scaling.positive("original_max_position_embeddings");
    return LlamaFamily.naming(
        scaling,
        () ->
            new RopeParameters(
                theta,
                Optional.empty(),
                Optional.of(new YarnScaling(factor, fast, slow, mscale, allDim, original))));
  }

  private static void refusePartial(JsonObject json) {
    String field = "partial_rotary_factor";
    if (json.has(field) && json.number(field) != 1) {
      throw json.unexpected(field, "1");
    }
  }
}
