package dev.helix.runtime.lesson;

import java.util.ArrayList;
import java.util.List;

/** For which windows a drawing is made. Its texts have the same size in all of them. */
enum DrawingWidth {
  /** A column of the page. */
  WIDE(640, ""),

  /** A telephone: 360 pixels, less the edges of the page. */
  NARROW(336, "-narrow");

  /** Width of the whole drawing. */
  final int pixels;

  /** What the name of such a drawing ends with. */
  final String suffix;

  DrawingWidth(int pixels, String suffix) {
    this.pixels = pixels;
    this.suffix = suffix;
  }

  /**
   * Breaks a text into lines that fit between two edges.
   *
   * @param letter about the width of a letter, in pixels
   * @param edge what is left free on each side, in pixels
   */
  List<String> lines(String text, double letter, int edge) {
    List<String> lines = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      int last = lines.size() - 1;
      String longer = lines.isEmpty() ? word : lines.get(last) + " " + word;
      if (lines.isEmpty() || letter * longer.length() > pixels - 2 * edge) {
        lines.add(word);
      } else {
        lines.set(last, longer);
      }
    }
    return lines;
  }
}
