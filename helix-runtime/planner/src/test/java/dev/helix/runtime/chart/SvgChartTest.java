package dev.helix.runtime.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SvgChartTest {
  private static final Axis X = Axis.logarithmic("tokens/s/user");
  private static final Axis Y = Axis.linear("tokens/s/GPU");

  private static List<Mark> marks(double... ys) {
    return IntStream.range(0, ys.length)
        .mapToObj(i -> new Mark(1 << i, ys[i], "mark " + i))
        .toList();
  }

  private static Document parsed(SvgChart chart) throws Exception {
    byte[] bytes = chart.svg().getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(bytes));
  }

  private static List<Element> elements(Document document, String name) {
    return elements(document.getDocumentElement(), name);
  }

  private static List<Element> elements(Element parent, String name) {
    NodeList nodes = parent.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static List<String> texts(Document document, String name) {
    return elements(document, name).stream().map(Element::getTextContent).toList();
  }

  @Test
  void everyMarkHasItsTitle() throws Exception {
    Document document =
        parsed(
            SvgChart.of("t", X, Y)
                .with(new Series.Line("a", marks(1, 2, 4)))
                .with(new Series.Points("b", marks(3, 3, 3)))
                .with(new Series.Bars("c", marks(1, 1, 1))));
    List<String> titles = new ArrayList<>(texts(document, "title"));
    for (String mark : List.of("mark 0", "mark 1", "mark 2")) {
      assertEquals(3, titles.stream().filter(mark::equals).count(), mark);
    }
  }

  @Test
  void aMarkStandsWhereTheTicksOfItsValuesStand() throws Exception {
    Document document =
        parsed(
            SvgChart.of("t", Axis.logarithmic("x").startingAt(1).endingAt(100), Y)
                .with(
                    new Series.Line(
                        "a",
                        List.of(new Mark(1, 0, ""), new Mark(10, 6, ""), new Mark(100, 12, "")))));
    String[] points =
        elements(document, "polyline").get(0).getAttribute("points").split("[ ,]", -1);
    assertEquals(tick(document, "10", "x"), points[2], "the middle of two decades");
    // The label's base line is four pixels below its value's height.
    assertEquals(
        Double.parseDouble(tick(document, "6", "y")), Double.parseDouble(points[3]) + 4, 0.011);
  }

  private static String tick(Document document, String label, String attribute) {
    return elements(document, "text").stream()
        .filter(text -> text.getTextContent().equals(label))
        .map(text -> text.getAttribute(attribute))
        .reduce((first, last) -> attribute.equals("x") ? first : last)
        .orElseThrow();
  }

  /** A digit of 12 pixels is wider than six of them. */
  @Test
  void numbersOfANarrowChartDoNotRunIntoEachOther() throws Exception {
    List<Mark> marks = List.of(new Mark(24, 1, ""), new Mark(142, 2, ""));
    Document document =
        parsed(SvgChart.of("t", X, Y).with(new Series.Line("a", marks)).sized(336, 420));
    List<Element> numbers =
        elements(document, "text").stream()
            .filter(text -> text.getTextContent().matches("[0-9]+"))
            .filter(text -> text.getAttribute("text-anchor").equals("middle"))
            .toList();
    assertTrue(numbers.size() > 3, numbers.toString());
    assertEquals("100", numbers.get(numbers.size() - 1).getTextContent());
    for (int i = 1; i < numbers.size(); i++) {
      Element before = numbers.get(i - 1);
      Element after = numbers.get(i);
      double apart =
          Double.parseDouble(after.getAttribute("x"))
              - Double.parseDouble(before.getAttribute("x"));
      int digits = before.getTextContent().length() + after.getTextContent().length();
      assertTrue(
          apart > 6 * digits / 2.0, before.getTextContent() + " and " + after.getTextContent());
    }
  }

  @Test
  void aMarkWithoutATitleHasNone() throws Exception {
    List<Mark> marks = List.of(new Mark(1, 1, ""), new Mark(2, 2, "named"));
    Document document = parsed(SvgChart.of("t", X, Y).with(new Series.Line("a", marks)));
    assertEquals(List.of("named", "a"), texts(document, "title"));
  }

  @Test
  void aLogarithmicAxisSaysSo() throws Exception {
    Document document = parsed(SvgChart.of("t", X, Axis.doubling("GPUs")));
    assertTrue(
        texts(document, "text")
            .containsAll(List.of("tokens/s/user (log scale)", "GPUs (log scale)")));
    Document german = parsed(SvgChart.of("t", X.labelled("Token/s/Nutzer (logarithmisch)"), Y));
    assertTrue(texts(german, "text").contains("Token/s/Nutzer (logarithmisch)"));
  }

  /** Markers are up to five pixels high and wide on each side of their place. */
  @Test
  void theOutermostMarkersTouchNoAxisAndAreWhole() throws Exception {
    for (Axis axis : List.of(Axis.linear("x"), X, Axis.doubling("x"))) {
      SvgChart chart = SvgChart.of("t", axis, axis).with(new Series.Points("a", squares()));
      Document document = parsed(chart);
      Element clip = elements(elements(document, "clipPath").get(0), "rect").get(0);
      double left = number(clip, "x") + 7;
      double bottom = number(clip, "y") + number(clip, "height") - 7;
      double[] first = place(titled(document, "1"));
      double[] last = place(titled(document, "16"));
      assertTrue(first[0] - 5 > left && first[1] + 5 < bottom, axis.label());
      assertTrue(last[0] + 5 < left + number(clip, "width") - 14, axis.label());
      assertTrue(last[1] - 5 > number(clip, "y") + 7, axis.label());
    }
  }

  private static List<Mark> squares() {
    return List.of(new Mark(1, 1, "1"), new Mark(4, 4, "4"), new Mark(16, 16, "16"));
  }

  private static double[] place(Element marker) {
    String[] numbers = marker.getAttribute("transform").replaceAll("[^0-9. ]", "").split(" ", -1);
    return new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])};
  }

  @Test
  void whatTheCallerWritesIsText() throws Exception {
    String hostile = "</svg><script>alert('&')</script>\" \u0000\ud800";
    Document document =
        parsed(
            SvgChart.of(hostile, Axis.linear(hostile), Axis.categories(hostile, List.of(hostile)))
                .with(new Series.Points(hostile, List.of(new Mark(0, 0, hostile)))));
    String held = "</svg><script>alert('&')</script>\" \ufffd\ufffd";
    assertTrue(elements(document, "script").isEmpty());
    assertTrue(texts(document, "title").contains(held));
    assertEquals(held, document.getDocumentElement().getAttribute("aria-label"));
  }

  @Test
  void theSameValuesGiveTheSameBytes() {
    assertEquals(eightLines().svg(), eightLines().svg());
    assertFalse(eightLines().svg().contains("style="), "a page's policy may forbid styles");
  }

  private static SvgChart eightLines() {
    SvgChart chart = SvgChart.of("eight", X, Y);
    for (int i = 0; i < 8; i++) {
      chart = chart.with(new Series.Line("series " + i, marks(i, i + 1)));
    }
    return chart;
  }

  @Test
  void seriesDifferWithoutColour() throws Exception {
    Document document = parsed(eightLines());
    Set<String> dashes = new HashSet<>();
    elements(document, "polyline")
        .forEach(line -> dashes.add(line.getAttribute("stroke-dasharray")));
    assertEquals(8, dashes.size());
    Set<String> markers = new HashSet<>();
    elements(document, "path").stream()
        .filter(path -> path.hasAttribute("transform"))
        .forEach(path -> markers.add(path.getAttribute("d")));
    assertEquals(8, markers.size());
    assertEquals(8, Set.of(Pen.values()).stream().map(pen -> pen.hatching).distinct().count());
  }

  @Test
  void barsStandOnZeroAndBesideEachOther() throws Exception {
    Axis places = Axis.categories("", List.of("left", "right"));
    Document document =
        parsed(
            SvgChart.of("t", places, Y)
                .with(new Series.Bars("a", List.of(new Mark(0, 2, "two"), new Mark(1, 4, "four"))))
                .with(new Series.Bars("b", List.of(new Mark(0, 4, "other")))));
    Element two = titled(document, "two");
    Element four = titled(document, "four");
    Element other = titled(document, "other");
    assertEquals(2 * number(two, "height"), number(four, "height"), 0.021);
    assertEquals(number(two, "x") + number(two, "width"), number(other, "x"), 0.021);
  }

  @Test
  void cellsSayTheirValue() throws Exception {
    Axis columns = Axis.categories("KVP", List.of("1", "2"));
    Axis rows = Axis.categories("TPA", List.of("1"));
    Document document =
        parsed(
            SvgChart.of("t", columns, rows)
                .with(
                    new Series.Cells(
                        "TTL",
                        List.of(new Cell(0, 0, 3, "3 ms", "a"), new Cell(1, 0, 7, "7 ms", "b")))));
    assertTrue(texts(document, "text").containsAll(List.of("3 ms", "7 ms")));
    assertTrue(texts(document, "text").contains("TTL: 3 ms (light) to 7 ms (dark)"));
    assertEquals("#08306b", titled(document, "b").getAttribute("fill"));
  }

  private static Element titled(Document document, String title) {
    return elements(document, "title").stream()
        .filter(element -> element.getTextContent().equals(title))
        .map(element -> (Element) element.getParentNode())
        .findFirst()
        .orElseThrow();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @Test
  void aChartOfNothingIsAChart() throws Exception {
    assertEquals("svg", parsed(SvgChart.of("t", X, Y)).getDocumentElement().getTagName());
    Series one = new Series.Line("one", marks(5));
    assertTrue(elements(parsed(SvgChart.of("t", X, Y).with(one)), "polyline").isEmpty());
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    SvgChart chart =
        SvgChart.of("t", X, Y).with(new Series.Points("a", List.of(new Mark(0, 1, ""))));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, chart::svg);
    assertEquals("axis \"tokens/s/user (log scale)\" has no place for 0.0", refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Mark(Double.NaN, 1, "nothing"));
    Series cells = new Series.Cells("c", List.of());
    assertThrows(IllegalArgumentException.class, () -> SvgChart.of("t", X, Y).with(cells));
    assertThrows(IllegalArgumentException.class, () -> X.startingAt(3).endingAt(3));
  }
}
