package dev.helix.runtime.cli.prompt;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** A prompt as it was given on the command line: text to be tokenized, or token ids. */
sealed interface PromptSource {
  /** The value of {@code --prompt}. */
  record Text(String text) implements PromptSource {}

  /** The value of {@code --tokens}: ids separated by commas, not checked yet. */
  record Tokens(String list) implements PromptSource {
    /**
     * Reads the ids.
     *
     * @throws InvalidInputException if an entry is not a number
     */
    List<Integer> ids() {
      List<Integer> ids = new ArrayList<>();
      for (String entry : list.split(",", -1)) {
        try {
          ids.add(Integer.parseInt(entry.strip()));
        } catch (NumberFormatException e) {
          throw new InvalidInputException(
              "--tokens: expected token ids separated by commas, got '%s' in '%s'"
                  .formatted(entry, list),
              e);
        }
      }
      return ids;
    }
  }
}
