package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The figures of the step that a browser shows, as they are saved. */
final class LessonFigures {
  private static final String SVG = "http://www.w3.org/2000/svg";

  private LessonFigures() {}

  /** Saves every figure of the page, and checks that each drawing stands alone. */
  @SuppressWarnings("unchecked") // The scripts return lists of texts.
  static void assertEveryFigureIsSaved(LessonBrowser browser, String where) throws IOException {
    assertEquals(
        List.of(),
        browser.script(
            "return [...document.querySelectorAll("
                + "'main table, main svg, .strip, .cards, .stack, .needles, .grid')]"
                + ".filter((e) => !e.closest('figure') && !e.closest('details'))"
                + ".map((e) => e.outerHTML.slice(0, 80));"),
        where + ": not in a figure");
    List<String> texts =
        (List<String>)
            browser.script(
                "return [...document.querySelectorAll('figure')].map((figure) => {"
                    + "const copy = figure.cloneNode(true);"
                    + "copy.querySelectorAll('.save').forEach((button) => button.remove());"
                    + "const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);"
                    + "const words = [];"
                    + "while (walk.nextNode()) { words.push(walk.currentNode.data); }"
                    + "return words.join(' '); });");
    List<String> drawings = browser.drawings();
    assertEquals(texts.size(), drawings.size(), where);
    assertTrue(texts.size() >= 2, where);
    for (int i = 0; i < texts.size(); i++) {
      assertStandsAlone(drawings.get(i), texts.get(i), where + ", figure " + i);
    }
  }

  private static void assertStandsAlone(String svg, String text, String where) throws IOException {
    assertFalse(svg.matches("(?s).*(href|url\\((?!#)|class=|<style|var\\().*"), where);
    Element root = parsed(svg).getDocumentElement();
    assertEquals(SVG, root.getNamespaceURI(), where);
    assertEquals("sans-serif", root.getAttribute("font-family"), where);
    assertTrue(
        root.getElementsByTagNameNS(SVG, "title").getLength() > 0
            || !root.getAttribute("aria-label").isEmpty(),
        where);
    assertTrue(root.getElementsByTagNameNS(SVG, "rect").getLength() > 0, where);
    Set<String> missing = new HashSet<>(words(text));
    NodeList nodes = root.getChildNodes();
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      drawn.addAll(words(nodes.item(i).getTextContent()));
    }
    missing.removeAll(drawn);
    assertEquals(Set.of(), missing, where);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>(List.of(text.strip().split("[\\s\\u00a0]+")));
    words.remove("");
    return words;
  }

  private static Document parsed(String svg) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("not a drawing: " + svg, e);
    }
  }
}
