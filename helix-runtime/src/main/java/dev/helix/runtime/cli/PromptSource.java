package dev.helix.runtime.cli;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** A request as it was given on the command line: text to be tokenized, or token ids. */
sealed interface PromptSource {
  /** {@code --prompt}. */
  record Text(String text) implements PromptSource {}

  /** {@code --tokens}. */
  record Tokens(List<Integer> ids) implements PromptSource {
    public Tokens {
      ids = List.copyOf(ids);
    }

    /**
     * Reads the argument of {@code --tokens}.
     *
     * @param list ids separated by commas
     * @throws InvalidInputException if the list is empty or an entry is not a number
     */
    static Tokens parse(String list) {
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
      return new Tokens(ids);
    }
  }
}
