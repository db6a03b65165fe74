package dev.helix.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds and escapes control characters, which would break a printed line or steer the terminal.
 * These are Unicode's category Cc, and the separators of lines and of paragraphs.
 */
public final class ControlCharacters {
  private static final Pattern ANY = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  private ControlCharacters() {}

  /** Whether the text has a control character. */
  public static boolean in(String text) {
    return ANY.matcher(text).find();
  }

  /** The text with each control character escaped as in JSON, so that it prints as one line. */
  public static String escaped(String text) {
    return ANY.matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement("\\u%04X".formatted((int) found.group().charAt(0))));
  }
}
