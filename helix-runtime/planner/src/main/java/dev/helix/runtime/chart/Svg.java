package dev.helix.runtime.chart;

/** Writes elements of SVG: escaped text, and numbers with at most two digits after the point. */
final class Svg {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn
   */
  Svg open(String name, Object... attributes) {
    tag(name, attributes).append(">\n");
    depth++;
    return this;
  }

  /** Ends the element that was begun last. */
  Svg close(String name) {
    depth--;
    indent().append("</").append(name).append(">\n");
    return this;
  }

  /** An element without content. */
  Svg empty(String name, Object... attributes) {
    tag(name, attributes).append("/>\n");
    return this;
  }

  /** An element that holds text. */
  Svg text(String content, String name, Object... attributes) {
    tag(name, attributes).append('>').append(escaped(content));
    text.append("</").append(name).append(">\n");
    return this;
  }

  /** An element that draws, with the title that a browser shows, unless that is empty. */
  Svg titled(String title, String name, Object... attributes) {
    if (title.isEmpty()) {
      return empty(name, attributes);
    }
    tag(name, attributes).append("><title>").append(escaped(title));
    text.append("</title></").append(name).append(">\n");
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private StringBuilder tag(String name, Object... attributes) {
    indent().append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      String written = value instanceof Double number ? number(number) : escaped(value.toString());
      text.append(' ').append(attributes[i]).append("=\"").append(written).append('"');
    }
    return text;
  }

  private StringBuilder indent() {
    return text.append("  ".repeat(depth));
  }

  /** A length in pixels, rounded to hundredths. */
  static String number(double value) {
    long hundredths = Math.round(value * 100);
    long rest = Math.abs(hundredths % 100);
    String sign = hundredths < 0 ? "-" : "";
    String whole = sign + Math.abs(hundredths / 100);
    if (rest == 0) {
      return whole;
    }
    return whole + "." + (rest % 10 == 0 ? "" + rest / 10 : rest < 10 ? "0" + rest : "" + rest);
  }

  /** Text as XML has it. What XML cannot hold at all becomes the replacement character. */
  static String escaped(String value) {
    StringBuilder escaped = new StringBuilder();
    value
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isXml(point) ? point : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  /** The characters of XML 1.0, production 2; half of a surrogate pair is none. */
  private static boolean isXml(int point) {
    return point == '\t'
        || point == '\n'
        || (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || point >= 0x10000;
  }

  /** The path of a straight line. */
  static String line(double x1, double y1, double x2, double y2) {
    return "M" + number(x1) + "," + number(y1) + "L" + number(x2) + "," + number(y2);
  }
}
