package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.checkpoint.ModelConfig;

/** The title of a run, which says which model it decodes, of which sizes, in which reading. */
public final class ModelTitle {
  private ModelTitle() {}

  /**
   * The title in one line. A second line follows if latents are normalised with another ε than
   * everything else. Each line has its line break.
   *
   * @param model the model's name as the user gave it
   * @param choices what is said behind the reading of number formats and the strategy
   */
  public static String of(String model, ModelConfig config, String reading, String choices) {
    String attention =
        config
            .latent()
            .map(
                latent ->
                    "%d heads over one latent of %d + %d"
                        .formatted(latent.heads(), latent.latent(), latent.ropeDim()))
            .orElseGet(
                () ->
                    "%d query and %d KV heads of %d"
                        .formatted(
                            config.attention().queryHeads(),
                            config.attention().kvHeads(),
                            config.attention().headDim()));
    String experts =
        config
            .mixture()
            .map(m -> ", %d of %d experts".formatted(m.rule().topK(), m.rule().experts()))
            .orElse("");
    return "%s: %d layers, hidden size %d, %s%s; reading %s%s%n"
            .formatted(
                model,
                config.layers(),
                config.attention().hidden(),
                attention,
                experts,
                reading,
                choices)
        + latentEpsilon(config);
  }

  private static String latentEpsilon(ModelConfig config) {
    return config.latent().isEmpty() || config.latentNormEpsilon() == config.rmsNormEpsilon()
        ? ""
        : "compressed queries and latents are normalised with epsilon %s, and not with the %s of config.json (--latent-epsilon)%n"
            .formatted(config.latentNormEpsilon(), config.rmsNormEpsilon());
  }
}
