package dev.helix.runtime.chart;

/**
 * How the series of a given number is drawn. Series differ in colour, and as much in dash, marker
 * and hatching.
 */
enum Pen {
  // The colours are those of Okabe and Ito, which people tell apart who see red and green alike.
  FIRST("#0072b2", "none", "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0Z", "M0,8L8,0"),
  SECOND("#d55e00", "8 4", "M-4,-4H4V4H-4Z", "M0,0L8,8"),
  THIRD("#009e73", "2 3", "M0,-5L5,4H-5Z", "M0,4H8"),
  FOURTH("#7b3294", "10 3 2 3", "M0,-5L5,0L0,5L-5,0Z", "M4,0V8"),
  FIFTH("#000000", "4 2 1 2 1 2", "M-4,-4L4,4M-4,4L4,-4", "M0,8L8,0M0,0L8,8"),
  SIXTH("#b8860b", "12 5", "M0,5L5,-4H-5Z", "M0,4H8M4,0V8"),
  SEVENTH("#56b4e9", "1 2", "M-5,0H5M0,-5V5", "M0,2H8M0,6H8"),
  EIGHTH("#cc79a7", "6 2 2 2", "M-5,-2H-2V-5H2V-2H5V2H2V5H-2V2H-5Z", "M2,0V8M6,0V8");

  final String colour;
  final String dash;
  final String marker;
  final String hatching;

  Pen(String colour, String dash, String marker, String hatching) {
    this.colour = colour;
    this.dash = dash;
    this.marker = marker;
    this.hatching = hatching;
  }

  /** Pens repeat after the eighth series. */
  static Pen of(int series) {
    return values()[series % values().length];
  }

  /** Draws the marker of a line at a place. */
  void mark(Svg svg, String title, double atX, double atY) {
    mark(svg, title, place(atX, atY), "0.5", "1");
  }

  /**
   * Draws it larger and hollow, so that a marker of a line at the same place is seen through it.
   */
  void markAlone(Svg svg, String title, double atX, double atY) {
    mark(svg, title, place(atX, atY) + " scale(1.4)", "0", "1.5");
  }

  private static String place(double atX, double atY) {
    return "translate(" + Svg.number(atX) + " " + Svg.number(atY) + ")";
  }

  private void mark(Svg svg, String title, String place, String opacity, String width) {
    svg.titled(
        title,
        "path",
        "d",
        marker,
        "transform",
        place,
        "fill",
        colour,
        "fill-opacity",
        opacity,
        "stroke",
        colour,
        "stroke-width",
        width);
  }
}
