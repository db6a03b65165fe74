package dev.helix.tensor.io;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.helix.tensor.ControlCharacters;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in one line why a text is not JSON. The words are those of the parser, without the names of
 * its classes and settings, none of which a user can change.
 */
final class JsonSyntaxError {
  private static final Pattern NOT_FINITE = Pattern.compile("Non-standard token '([^']*)'.*");

  /**
   * What the parser adds to its reason: the setting that would let the text pass, or that limits
   * it.
   */
  private static final Pattern SETTING =
      Pattern.compile(": enable `[^`]*` to allow|, from `[^`]*`| \\([^()]*Feature '[^()]*\\)");

  /** Where an object or list begins that has no end; the place of the end is said already. */
  private static final Pattern SOURCE = Pattern.compile(" ?\\([^()]*\\[Source: .*");

  private static final int MAX_CHARS = 300;

  private JsonSyntaxError() {}

  /** The line and column of the error, if the parser knows them, and the error, in one line. */
  static String words(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return "not strict JSON" + place + ": " + reason(e);
  }

  private static String reason(JsonProcessingException e) {
    if (e instanceof MismatchedInputException) {
      return "expected nothing after the end, got more";
    }
    String message = e.getOriginalMessage();
    String line = message.lines().findFirst().orElse(message);
    Matcher number = NOT_FINITE.matcher(line);
    if (number.matches() && e.getProcessor() instanceof JsonParser parser) {
      return shortened(path(parser.getParsingContext()))
          + ": expected a finite number, got "
          + number.group(1);
    }
    return shortened(ControlCharacters.escaped(withoutSettings(line)));
  }

  private static String withoutSettings(String line) {
    return SETTING.matcher(SOURCE.matcher(line).replaceAll("")).replaceAll("");
  }

  /**
   * The message cut to one line's length: objects nested a thousand deep have a path, and the
   * parser a message, as long as a page.
   */
  static String shortened(String words) {
    return words.length() <= MAX_CHARS
        ? words
        : words.substring(0, MAX_CHARS / 2) + "…" + words.substring(words.length() - MAX_CHARS / 2);
  }

  /** The path of the field that is being read, {@code field[i].name}. */
  private static String path(JsonStreamContext at) {
    if (at.getParent() == null) {
      return "";
    }
    String before = path(at.getParent());
    if (at.inArray()) {
      return before + "[" + at.getCurrentIndex() + "]";
    }
    return before + (before.isEmpty() ? "" : ".") + JsonObject.oneLine(at.getCurrentName());
  }
}
