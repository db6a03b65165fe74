package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The prompts in the order in which they are given, of either kind. */
public final class PromptOptions {
  /** Given to an embedded model when the user gives no prompt. */
  private static final String DEFAULT_PROMPT =
      "Ada put the lamp in the barn . It was a cold morning . Ben put the key in the attic . Cleo"
          + " went to the mill and felt calm . Where is the lamp ? The lamp is in the";

  private final List<PromptSource> sources = new ArrayList<>();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      order = 0,
      description = "A prompt; several make a ragged batch, with --tokens in the order given.")
  void addPrompt(String text) {
    sources.add(new PromptSource.Text(text));
  }

  @Option(
      names = "--tokens",
      paramLabel = "1,2,3",
      order = 1,
      description = "A prompt as token ids, taken as they are: no beginning-of-text is added.")
  void addTokens(String list) {
    sources.add(new PromptSource.Tokens(list));
  }

  /** Those that are given; of an embedded model, which has one of its own, never none. */
  public List<PromptSource> of(String model) {
    return sources.isEmpty() && Checkpoint.embeddedNames().contains(model)
        ? List.of(new PromptSource.Text(DEFAULT_PROMPT))
        : List.copyOf(sources);
  }
}
