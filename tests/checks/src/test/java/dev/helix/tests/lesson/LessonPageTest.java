package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.lesson.LessonPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page of the lesson: by itself, and in a real browser where there is one. */
class LessonPageTest {
  private static final int STEPS = 10;

  private static String page;

  @BeforeAll
  static void makeThePage() {
    page = LessonPage.html();
  }

  @Test
  void thePageIsSmallAndIsTheSameEachTime() {
    assertTrue(page.getBytes(StandardCharsets.UTF_8).length < 4_000_000);
    assertEquals(page, LessonPage.html());
  }

  @Test
  void thePageNamesNoOtherPlace() {
    assertTrue(page.contains("default-src 'none'"));
    Pattern loads = Pattern.compile("(?:src|href)=\\\\?\"(?!#)|@import|url\\((?!#)|fetch\\(");
    assertFalse(loads.matcher(page).find());
  }

  @Test
  void noticesOfWhatIsEmbeddedAreInThePage() {
    assertTrue(page.contains("Copyright (C) 1993 by Sun Microsystems"));
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class InABrowser {
    private LessonBrowser browser;

    @BeforeAll
    void openIt(@TempDir Path directory) throws IOException {
      Path file = Files.writeString(directory.resolve("lesson.html"), page);
      browser = LessonBrowser.open(file, Files.createDirectory(directory.resolve("profile")));
    }

    @AfterAll
    void closeIt() {
      if (browser != null) {
        browser.close();
      }
    }

    @Test
    void everyExportedValueHasJavasBits() {
      browser.go("", "#s=1");
      browser.found("#bits[data-done=true]");
      String values = browser.element("bits").getDomAttribute("data-values");
      assertTrue(Integer.parseInt(values) > 10_000, values);
      assertEquals(values, browser.element("bits").getDomAttribute("data-equal"));
    }

    @Test
    void itsForwardPassIsWithinTheBoundOfEachPartAndGivesJavasTokens() throws IOException {
      browser.go("", "#s=1");
      LessonForwardPass pass = LessonForwardPass.in(browser);
      try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
        pass.assertWithinTheBoundOfEachPart(checkpoint);
        pass.assertTokensOfTheDecode(checkpoint);
      }
    }

    @Test
    void aGermanStepHasNoBarrier() throws IOException {
      browser.layOut(1280);
      for (int step : List.of(4, 7)) {
        browser.go("", "#lang=de&s=" + step);
        browser.found("html[lang=de] #s" + step + "[aria-current=step]");
        browser.press("r");
        browser.found(".reveal");
        assertEquals(List.of(), browser.barriers(), "step " + step);
      }
    }

    @Test
    void theTextIsThatOfTheDecode() {
      browser.go("", "#s=1");
      assertTrue(browser.found(".outcome p.good").getText().contains("barn . Where is the"));
      browser.follow("#s=1&m=added-up");
      assertTrue(browser.found(".outcome p.bad").getText().contains("attic"));
    }

    @Test
    void everyStepHasNoBarrierAndFitsANarrowWindow() throws IOException {
      browser.console();
      for (String mode : List.of("plain", "projector")) {
        browser.layOut(mode.equals("plain") ? 360 : 1280);
        browser.go("?mode=" + mode, "#s=1");
        for (int step = 1; step <= STEPS; step++) {
          browser.follow("#s=" + step);
          browser.found("#s" + step + "[aria-current=step]");
          browser.press("r");
          browser.found(".reveal");
          assertEquals(List.of(), browser.barriers(), mode + ", step " + step);
          assertEquals(
              0L,
              browser.script(
                  "return document.documentElement.scrollWidth"
                      + " - document.documentElement.clientWidth;"),
              mode + ", step " + step + " scrolls sideways");
        }
        assertEquals(
            0L,
            browser.script(
                "return performance.getEntriesByType('resource').filter("
                    + "e => !e.name.startsWith('blob:')).length;"));
      }
      assertEquals(List.of(), browser.console());
    }

    @Test
    void aStepIsReachedByKeysAlone() {
      browser.go("", "#s=1");
      browser.found("#s1[aria-current=step]");
      browser.press(Keys.ARROW_RIGHT);
      browser.found("#s2[aria-current=step]");
      browser.press("0");
      browser.found("#s10[aria-current=step]");
      browser.press(Keys.ARROW_LEFT);
      browser.found("#s9[aria-current=step]");
      browser.press("?");
      assertTrue(browser.found("#help[open]").isDisplayed());
      browser.press(Keys.ESCAPE);
    }

    @Test
    void whatIsChosenIsInTheAddress() {
      browser.go("", "#s=4&kvp=8&run=1&l=2&h=3&m=average");
      browser.found("#s4[aria-current=step]");
      assertEquals("8", browser.element("kvp").getDomProperty("value"));
      assertEquals("average", browser.element("merge").getDomProperty("value"));
      browser.element("kvp").sendKeys("2");
      assertEquals("#s=4&kvp=2&run=1&l=2&h=3&m=average", browser.script("return location.hash;"));
    }

    @Test
    void aTamperedAddressIsRefusedWithASentence() {
      browser.go("", "#s=4&kvp=3&l=77&m=none");
      browser.found("#s4[aria-current=step]");
      assertEquals("4", browser.element("kvp").getDomProperty("value"));
      assertTrue(browser.found("[role=status].bad").getText().contains("kvp, l, m"));
    }

    @Test
    void aStoryWithAnUnknownWordLeavesTheLastGoodOne() {
      browser.go("", "#s=1");
      browser.element("story").sendKeys(" zebra", Keys.TAB);
      assertTrue(browser.found("#problem").getText().contains("zebra"));
      assertTrue(browser.found(".outcome p.good").getText().contains("barn"));
    }

    @Test
    void paperHasAPageForEachStepAndOneWithTheAnswers() {
      browser.go("", "#s=1");
      browser.found("#s1[aria-current=step]");
      String pdf = new String(browser.printed(), StandardCharsets.ISO_8859_1);
      assertEquals(
          STEPS + 1L, Pattern.compile("/Type /Page\\b(?!s)").matcher(pdf).results().count());
    }
  }
}
