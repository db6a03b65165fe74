package dev.helix.runtime.lesson;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;

/** The words of the drawings in one language: what the table of strings has under "charts". */
final class ChartWords {
  private final JsonNode words;
  private final JsonNode shorter;
  private final char thousands;

  /**
   * Words of a table of strings.
   *
   * @param strings the whole table of a language
   */
  ChartWords(JsonNode strings) {
    this(strings.path("charts"), MissingNode.getInstance());
  }

  private ChartWords(JsonNode words, JsonNode shorter) {
    this.words = words;
    this.shorter = shorter;
    this.thousands = of("thousands").charAt(0);
  }

  /** The words for drawings of a width. In a narrow one some texts are shorter. */
  ChartWords in(DrawingWidth width) {
    return width == DrawingWidth.WIDE ? this : new ChartWords(words, words.path("narrow"));
  }

  /**
   * A text by its name.
   *
   * @throws IllegalStateException if the table has no such text
   */
  String of(String name) {
    JsonNode text = shorter.path(name).isTextual() ? shorter.path(name) : words.path(name);
    if (!text.isTextual()) {
      throw new IllegalStateException("the lesson's strings have no text charts." + name);
    }
    return text.textValue();
  }

  /** A whole number with this language's sign between thousands. */
  String number(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', thousands);
  }

  /** A time in µs with two digits behind the point, which are enough to add up 126 layers. */
  String micros(double value) {
    return String.format(Locale.ROOT, "%.2f\u00a0µs", value).replace(".", of("decimal"));
  }
}
