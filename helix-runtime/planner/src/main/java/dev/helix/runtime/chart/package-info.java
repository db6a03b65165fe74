/**
 * Draws charts as SVG text, with no library, no font metrics and no desktop behind them. Start with
 * {@link dev.helix.runtime.chart.SvgChart}, which is a chart, and {@link
 * dev.helix.runtime.chart.Series}, which is what can be drawn on one: lines, points, bars and the
 * cells of a heat map.
 *
 * <p>A chart reads without colour: each series has a dash, a marker or a hatching of its own, and a
 * cell carries its value as text. Each mark has a {@code <title>}, which a browser shows and a
 * screen reader says. The same values give the same bytes. Only presentation attributes are used,
 * never a {@code style}, so that a chart can stand in a page whose security policy allows none.
 */
package dev.helix.runtime.chart;
