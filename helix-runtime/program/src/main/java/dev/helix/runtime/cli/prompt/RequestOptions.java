package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LatentEpsilon;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.ModelOption;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.decode.DecodeRequest;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is decoded: a model, prompts, and how many tokens may follow each. */
public final class RequestOptions {
  private static final String LATENT_EPSILON = "--latent-epsilon";

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "recall-gqa",
      description =
          "Take this model: recall-gqa or recall-mla, which come with the program, or a directory"
              + " in Hugging Face's layout with a model of the Llama, Mistral, Mixtral, DeepSeek-V2"
              + " or V3 family (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = LATENT_EPSILON,
      paramLabel = "WHICH",
      defaultValue = "reference",
      converter = LatentEpsilons.class,
      description =
          "Normalise the compressed queries and latents of latent attention with this epsilon:"
              + " reference, 1e-6 whatever config.json says, as DeepSeek's own code and Hugging"
              + " Face's do; or config, its rms_norm_eps, as vLLM and SGLang do (default:"
              + " ${DEFAULT-VALUE}).")
  private LatentEpsilon latentEpsilon;

  @Mixin private PromptOptions prompts;

  @Option(
      names = "--max-new",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Decode at most this many tokens for each prompt, at least 1. Prompt and new tokens must"
              + " fit into the model's positions (default: ${DEFAULT-VALUE}).")
  private int maxNew;

  /** The values of {@code --latent-epsilon}. */
  static final class LatentEpsilons extends OneOf<LatentEpsilon> {
    LatentEpsilons() {
      super(List.of(LatentEpsilon.values()));
    }
  }

  /** The model as the user names it. */
  public String model() {
    return model;
  }

  /** The largest number of new tokens of each request. */
  public int maxNew() {
    return maxNew;
  }

  /**
   * Opens the model with its weights.
   *
   * @throws dev.helix.tensor.InvalidInputException if there is none with that name, or it cannot be
   *     read, or it has no latent attention and an ε for it is given
   */
  public Checkpoint checkpoint(GivenOptions given) {
    Checkpoint checkpoint = ModelOption.checkpoint("--model", model, latentEpsilon);
    if (checkpoint.config().latent().isEmpty() && given.has(LATENT_EPSILON)) {
      checkpoint.close();
      given.refuse("on a model without latent attention", LATENT_EPSILON);
    }
    return checkpoint;
  }

  /**
   * Turns the prompts into the model's tokens.
   *
   * @throws dev.helix.tensor.InvalidInputException if nothing was given, or a prompt is empty
   */
  public Prompts prompts(Checkpoint checkpoint, GivenOptions given, Console console) {
    return Prompts.of(checkpoint, prompts.of(model, given), console);
  }

  /**
   * Makes one request for each prompt.
   *
   * @throws dev.helix.tensor.InvalidInputException if no token is to be decoded
   */
  public List<DecodeRequest> requests(Prompts given) {
    return given.tokens().stream().map(ids -> new DecodeRequest(ids, maxNew)).toList();
  }
}
