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

  /** Draws the marker at a place. */
  void mark(Svg svg, String title, double atX, double atY) {
    String place = "translate(" + Svg.number(atX) + " " + Svg.number(atY) + ")";
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
        "0.5",
        "stroke",
        colour);
  }
}
