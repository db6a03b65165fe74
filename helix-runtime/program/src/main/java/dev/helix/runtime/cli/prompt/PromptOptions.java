package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.text.EmbeddedStory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that give prompts, as text or as token ids. Their order is kept. */
final class PromptOptions {
  private static final String PROMPT = "--prompt";
  private static final String TOKENS = "--tokens";

  @Option(
      names = PROMPT,
      paramLabel = "TEXT",
      description =
          "Decode what follows this text. The option may be repeated: several prompts are one"
              + " batch, and their lengths may differ. An embedded model has a short story as its"
              + " default prompt.")
  private List<String> texts = List.of();

  @Option(
      names = TOKENS,
      paramLabel = "1,2,3",
      description =
          "Decode what follows these token ids, which are taken as they are: no beginning-of-text"
              + " is put before them. The option may be repeated, and mixed with --prompt.")
  private List<String> tokens = List.of();

  /**
   * The prompts that were given. An embedded model has a prompt of its own, so the list is never
   * empty for it.
   */
  List<PromptSource> of(String model, GivenOptions given) {
    if (texts.isEmpty() && tokens.isEmpty()) {
      return Checkpoint.embeddedNames().contains(model)
          ? List.of(new PromptSource.Text(EmbeddedStory.TEXT))
          : List.of();
    }
    Iterator<String> nextText = texts.iterator();
    Iterator<String> nextTokens = tokens.iterator();
    List<PromptSource> sources = new ArrayList<>();
    for (String option : given.names()) {
      if (option.equals(PROMPT)) {
        sources.add(new PromptSource.Text(nextText.next()));
      } else if (option.equals(TOKENS)) {
        sources.add(new PromptSource.Tokens(nextTokens.next()));
      }
    }
    return sources;
  }
}
