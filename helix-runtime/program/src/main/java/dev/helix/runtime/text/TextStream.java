package dev.helix.runtime.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Text that is shown while its tokens are produced. A token may be a part of a character only, and
 * the space before a word may depend on the word before. So the whole text is decoded each time,
 * prompt included, and what is new and complete is returned. All that is returned is together what
 * decoding the prompt and all tokens gives after the prompt's text.
 *
 * <p>Text that was returned cannot be taken back. If a decoder changes it later, only what follows
 * the change is returned. The decoders of byte-level and sentence-piece tokenizers do not change
 * it.
 *
 * <p>For one thread. Each token costs a decoding of everything before it.
 */
public final class TextStream {
  /** The character that decoders put in place of bytes that do not form a whole character yet. */
  private static final String INCOMPLETE = "\ufffd";

  private final Function<int[], String> decode;
  private int[] tokens;
  private String given;

  TextStream(Function<int[], String> decode, int[] prompt) {
    this.decode = decode;
    this.tokens = prompt.clone();
    this.given = decode.apply(tokens);
  }

  /** The text that {@code token} completes; empty while a character is incomplete. */
  public String append(int token) {
    tokens = Arrays.copyOf(tokens, tokens.length + 1);
    tokens[tokens.length - 1] = token;
    String text = decode.apply(tokens);
    return text.endsWith(INCOMPLETE) ? "" : give(text);
  }

  /**
   * The text that is left when no more tokens come: signs for the characters that stay incomplete.
   */
  public String finish() {
    return give(decode.apply(tokens));
  }

  private String give(String text) {
    int same = Arrays.mismatch(given.toCharArray(), text.toCharArray());
    given = text;
    return same < 0 ? "" : text.substring(same);
  }
}
