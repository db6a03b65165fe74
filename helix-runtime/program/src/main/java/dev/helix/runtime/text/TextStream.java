package dev.helix.runtime.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Text that is shown while its tokens are produced. A token may be a part of a character only, and
 * the space before a word may depend on the word before; so the whole text is decoded each time,
 * prompt included, and what is new and complete is given out. The pieces together are what decoding
 * the prompt and all tokens gives after the prompt's text.
 *
 * <p>A piece cannot be taken back: if a decoder changes text that was already given out, only what
 * follows the change is. The decoders of byte-level and sentence-piece tokenizers do not.
 *
 * <p>For one thread. Each token costs a decoding of everything before it.
 */
public final class TextStream {
  /** What decoders put in the place of bytes that are no whole character, so far. */
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

  /** What is left when no more tokens come: the signs for characters that stay incomplete. */
  public String finish() {
    return give(decode.apply(tokens));
  }

  private String give(String text) {
    int same = Arrays.mismatch(given.toCharArray(), text.toCharArray());
    given = text;
    return same < 0 ? "" : text.substring(same);
  }
}
