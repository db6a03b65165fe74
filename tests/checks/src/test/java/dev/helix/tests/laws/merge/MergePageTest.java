package dev.helix.tests.laws.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.tests.manual.Page;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * The project that test-your-merge.md shows is one that works: its sources are compiled and run
 * here, its versions are those of this build.
 */
class MergePageTest {
  private static final Page PAGE = Page.named("test-your-merge.md");

  @ParameterizedTest
  @ValueSource(strings = {"OnlineMerge.java", "OnlineMergeTest.java"})
  void aSourceOnThePageIsTheOneThatRunsHere(String name) throws IOException {
    Path here = Path.of("src/test/java/dev/helix/tests/laws/merge", name);
    String source = Files.readString(here).replaceFirst("package .*;\n\n", "");
    assertEquals(source, PAGE.fileNamed(name).content());
  }

  @Test
  void theSettingsAreThoseOfThisModule() throws IOException {
    Path here = Path.of("src/test/resources/junit-platform.properties");
    String shown = PAGE.fileNamed("junit-platform.properties").content();
    assertEquals(properties(Files.readString(here)), properties(shown));
  }

  private static Properties properties(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    return properties;
  }

  @Test
  void aWrongDeclarationIsTheFailureThatThePageShows() {
    MergeUnderTest declaredInBase2 =
        MergeUnderTest.of(
            Convention.of(Precision.FP64).base2(), in -> new OnlineMergeTest().merge().merge(in));
    String violation = LawSuite.run(Law.BASES, declaredInBase2, 1, 60).violation().orElseThrow();
    String shown =
        PAGE.blocks().stream()
            .filter(block -> block.language().equals("text"))
            .findFirst()
            .orElseThrow()
            .content();
    assertEquals(violation, shown.strip().replace("\n", " "));
  }

  @Test
  void thePomNamesTheLibraryOfThisBuild() throws Exception {
    Element build = parse(Files.readString(Page.ROOT.resolve("tests/helix-laws/pom.xml")));
    Element shown = parse(PAGE.fileNamed("pom.xml").content());
    Map<String, String> dependencies = versions(shown, "dependency");
    assertEquals(Map.of("helix-laws", text(first(build, "parent"), "version")), dependencies);
    assertEquals("helix-laws", artifactOf(build));
  }

  /** Maven 3.8.7 would take plugins that do not know JUnit 5 or Java 17. */
  @Test
  void thePomNamesThePluginsOfThisBuild() throws Exception {
    Map<String, String> ours =
        versions(parse(Files.readString(Page.ROOT.resolve("pom.xml"))), "plugin");
    Map<String, String> shown = versions(parse(PAGE.fileNamed("pom.xml").content()), "plugin");
    assertTrue(shown.containsKey("maven-surefire-plugin"), shown::toString);
    assertTrue(shown.containsKey("maven-compiler-plugin"), shown::toString);
    shown.forEach((plugin, version) -> assertEquals(ours.get(plugin), version, plugin));
    assertFalse(shown.containsValue(""), shown::toString);
  }

  /** The artifact of the project itself, not of its parent. */
  private static String artifactOf(Element project) {
    NodeList children = project.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i).getNodeName().equals("artifactId")) {
        return children.item(i).getTextContent();
      }
    }
    return "";
  }

  /** Versions by artifact, where one is given. */
  private static Map<String, String> versions(Element project, String kind) {
    Map<String, String> versions = new LinkedHashMap<>();
    NodeList found = project.getElementsByTagName(kind);
    for (int i = 0; i < found.getLength(); i++) {
      Element one = (Element) found.item(i);
      if (one.getElementsByTagName("version").getLength() > 0) {
        versions.putIfAbsent(text(one, "artifactId"), text(one, "version"));
      }
    }
    return versions;
  }

  private static Element parse(String xml) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    return document.getDocumentElement();
  }

  private static Element first(Element parent, String tag) {
    return (Element) parent.getElementsByTagName(tag).item(0);
  }

  private static String text(Element parent, String tag) {
    return first(parent, tag).getTextContent();
  }
}
