package dev.helix.tensor.io;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Characters that are not text: printed, they would break a line or steer the terminal. Unicode's
 * Cc, and the separators of lines and of paragraphs.
 */
public final class ControlCharacters {
  private static final Pattern ANY = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  private ControlCharacters() {}

  /** Whether there is one. */
  public static boolean in(String text) {
    return ANY.matcher(text).find();
  }

  /** The text with each of them as JSON escapes it: one line that can be printed. */
  public static String escaped(String text) {
    return ANY.matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement("\\u%04X".formatted((int) found.group().charAt(0))));
  }
}
