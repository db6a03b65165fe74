package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.checkpoint.ModelConfig;

/** The line with which a run begins: which model, of what sizes, in which reading. */
public final class ModelTitle {
  private ModelTitle() {}

  /**
   * The line, ended.
   *
   * @param model as the user names it
   */
  public static String of(String model, ModelConfig config, String reading) {
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
    return "%s: %d layers, hidden size %d, %s%s; reading %s%n"
        .formatted(
            model, config.layers(), config.attention().hidden(), attention, experts, reading);
  }
}
