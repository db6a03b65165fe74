package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.lesson.LessonPage;
import dev.helix.runtime.verify.Verification;
import dev.helix.tests.cli.HelixProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
  static void makeThePage(@TempDir Path directory) throws IOException {
    Path made = directory.resolve("made");
    HelixProgram program = HelixProgram.run("lesson", "--out", made.toString());
    assertEquals(0, program.status(), program.err());
    page = Files.readString(made.resolve("helix-lesson.html"));
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

  @Test
  void timesOfTheLastStepAreThoseThatItsCommandPrints() throws IOException {
    LessonHardware.assertTimesAreThoseOfTheCommand(page);
  }

  /**
   * One browser for all, which loads the page once and again only where loading is the question.
   */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class InABrowser {
    private LessonBrowser browser;

    @BeforeAll
    void openIt(@TempDir Path directory) throws IOException {
      Path file = Files.writeString(directory.resolve("lesson.html"), page);
      browser = LessonBrowser.open(file, Files.createDirectory(directory.resolve("profile")));
      browser.go("", "#s=1");
      browser.await("#bits[data-done=true]");
    }

    @AfterEach
    void theConsoleIsSilentAndNothingWasAskedOfAnotherPlace() {
      assertEquals(List.of(), browser.console());
      assertEquals(
          0L,
          browser.script(
              "return performance.getEntriesByType('resource').filter("
                  + "e => !e.name.startsWith('blob:')).length;"));
    }

    @AfterAll
    void closeIt() {
      if (browser != null) {
        browser.close();
      }
    }

    @Test
    void everyExportedValueHasJavasBits() {
      String values = browser.attribute("#bits", "data-values");
      assertTrue(Integer.parseInt(values) > 10_000, values);
      assertEquals(values, browser.attribute("#bits", "data-equal"));
    }

    @Test
    void itsForwardPassIsVerifiedAsADecodeIsAndGivesJavasTokens() throws IOException {
      LessonForwardPass pass = LessonForwardPass.in(browser);
      try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
        Verification verification = pass.verified(checkpoint);
        assertTrue(verification.passed(), () -> String.join("\n", verification.failures()));
        assertTrue(verification.comparisons().stream().anyMatch(c -> c.estimated()));
        assertEquals(LessonForwardPass.tokensOfTheDecode(checkpoint, pass.prompt()), pass.tokens());
      }
    }

    @Test
    void aGermanStepHasNoBarrier() throws IOException {
      browser.layOut(1280);
      for (int step : List.of(4, 7)) {
        browser.show("#lang=de&s=" + step);
        browser.await("html[lang=de] #s" + step + "[aria-current=step]");
        browser.press("r");
        browser.await(".reveal");
        assertEquals(List.of(), browser.barriers(".picture", "footer"), "step " + step);
      }
    }

    @Test
    void theTextIsThatOfTheDecode() {
      browser.show("#s=1&read=all");
      assertTrue(browser.text(".outcome p.good").contains("barn . Where is the"));
      browser.show("#s=1&read=all&m=added-up");
      assertTrue(browser.text(".outcome p.bad").contains("attic"));
    }

    /**
     * The whole page is looked at in the first step of each mode, and the step alone in the others.
     */
    @Test
    void everyStepHasNoBarrierAndFitsANarrowWindow() throws IOException {
      for (String mode : List.of("plain", "projector")) {
        browser.layOut(mode.equals("plain") ? 360 : 1280);
        for (int step = 1; step <= STEPS; step++) {
          browser.show("#mode=" + mode + "&s=" + step);
          browser.await("#s" + step + "[aria-current=step]");
          String where = mode + ", step " + step;
          if (mode.equals("plain")) {
            assertEquals(List.of(), browser.barriers("footer"), where + ", before the bet");
            assertEquals(0L, browser.sideways(), where + " scrolls sideways before the bet");
          }
          browser.press("r");
          browser.await(".reveal");
          assertEquals(
              List.of(),
              step == 1 || step == 3
                  ? browser.barriers()
                  : browser.barriers(".picture.story", ".controls", "footer"),
              where);
          assertEquals(0L, browser.sideways(), where + " scrolls sideways");
          if (mode.equals("projector")) {
            assertEquals(List.of(), browser.script(SMALL_TYPE), where + ", below 20 pixels");
          }
        }
      }
    }

    /** A window of 1280 pixels at 200% zoom is laid out in 640. */
    @Test
    void everyStepFitsAWindowAtTwiceTheSizeAndItsFiguresAreSaved() throws IOException {
      browser.layOut(640);
      for (int step = 1; step <= STEPS; step++) {
        browser.show("#s=" + step);
        browser.await("#s" + step + "[aria-current=step]");
        assertEquals(0L, browser.sideways(), "step " + step + " scrolls sideways");
        browser.press("r");
        browser.await(".reveal");
        if (step == 8) {
          browser.await(".needles");
        }
        assertEquals(0L, browser.sideways(), "step " + step + " scrolls sideways");
        assertEquals(List.of(), browser.script(WITHOUT_KEYS), "step " + step);
        LessonFigures.assertEveryFigureIsSaved(browser, "step " + step);
      }
    }

    @Test
    void noStepAnswersItsBetBeforeItIsAnsweredOrSkipped() {
      for (int step = 1; step <= STEPS; step++) {
        LessonBets.assertTheBetComesFirst(browser, step);
      }
    }

    @Test
    void anAnswerSkippingAndReadingWithoutBetsOpenAStep() {
      for (String opens : List.of("bet0", "skip", "read")) {
        browser.show("#s=2");
        browser.await("#s2[aria-current=step]");
        clicked(opens);
        LessonBets.assertOpen(browser, 2);
      }
      browser.press("3");
      LessonBets.assertOpen(browser, 3);
      clicked("read");
      browser.await(".step .covered");
      browser.show("#s=2&bets=2-,4c");
      LessonBets.assertOpen(browser, 2);
      browser.press("4");
      LessonBets.assertOpen(browser, 4);
      browser.await("#bet2[aria-pressed=true]");
    }

    @Test
    void aTermOfASentenceIsExplainedByKeysAlone() {
      browser.show("#s=1");
      browser.await("#s1[aria-current=step]");
      browser.script("document.querySelector('.step .term').focus();");
      browser.press(Keys.ENTER);
      assertTrue(browser.text("#term[open]").startsWith("token"));
      browser.press(Keys.ESCAPE);
      assertEquals(true, browser.script("return document.activeElement.matches('.step .term');"));
    }

    @Test
    void aStepIsReachedByKeysAlone() {
      browser.show("#s=1");
      browser.await("#s1[aria-current=step]");
      browser.press(Keys.ARROW_RIGHT);
      browser.await("#s2[aria-current=step]");
      browser.press("0");
      browser.await("#s10[aria-current=step]");
      browser.press(Keys.ARROW_LEFT);
      browser.await("#s9[aria-current=step]");
      browser.press("?");
      assertTrue(browser.isShown("#help[open]"));
      browser.press(Keys.ESCAPE);
      browser.press("4");
      browser.await("#s4[aria-current=step]");
      for (int i = 0; i < 10 && browser.script(IS_SECOND_OPTION).equals(false); i++) {
        browser.press(Keys.TAB);
      }
      browser.press(Keys.SPACE);
      assertTrue(browser.isShown("#bet1[aria-pressed=true]"));
      assertTrue(browser.text(".reveal").startsWith("✓"));
    }

    @Test
    void whatIsChosenIsInTheAddress() {
      browser.show("#s=4&kvp=8&run=1&l=2&h=3&m=average&read=all");
      browser.await("#s4[aria-current=step]");
      assertEquals("8", browser.value("#kvp"));
      assertEquals("average", browser.value("#merge"));
      browser.type("kvp", "2");
      assertEquals(
          "#s=4&kvp=2&run=1&l=2&h=3&m=average&read=all", browser.script("return location.hash;"));
    }

    /**
     * One merge gives the same bits in each layout, for a story that no Java program has decoded.
     */
    @Test
    void theExactReadingOfAFreeStoryIsTheSameInEveryLayout() {
      browser.show(
          "#s=6&kvp=8&run=1&read=all&story=Ben put the key in the mill . Where is the key ?");
      browser.await("#figure-exact");
      assertEquals(
          List.of(4L, 1L),
          browser.script(CELLS + "return [all.length, new Set(all).size];", "exact", 1));
    }

    @Test
    void thePictureFollowsTheLsesThatTheLearnerMoves() {
      LessonWeights.assertThePictureFollowsTheSliders(browser);
    }

    /** One of the four ranks of the first story has no tokens, and would only repeat an order. */
    @Test
    void ordersAreThoseOfTheRanksThatHaveTokens() {
      browser.show("#s=6&read=all&kvp=4&run=16");
      browser.await("#figure-orders");
      assertEquals(
          List.of("fold (0 1) 2", "fold (2 1) 0", "fold (2 0) 1"),
          browser.script(CELLS + "return all;", "orders", 0));
    }

    @Test
    void theStoryTestIsBlindAndTheLawsAreNot() {
      LessonSuspects.assertTheLawsSeeWhatTheTextDoesNot(browser);
    }

    private static final String CELLS =
        "const all = [...document.querySelectorAll('#figure-' + arguments[0] + ' tbody"
            + " tr')].map((row) => row.cells[arguments[1]].textContent);";

    @Test
    void anExampleOfTheSearchIsToldWithItsCommand() {
      browser.show("#s=7&kvp=8&bets=7a");
      browser.script("document.querySelector('#search button').click();");
      browser.awaitDecodes();
      Object kvp = browser.script("return document.getElementById('kvp').value;");
      String told =
          browser
              .script("return document.querySelector('#search [role=status] pre').textContent;")
              .toString();
      assertTrue(told.contains("--kvp " + kvp), told);
      assertEquals(
          true, browser.script("return document.querySelector('.outcome p.good') !== null;"));
    }

    @Test
    void whatALearnerHoldsStaysWhenThePageDrawsAgain() {
      LessonHeld.assertWhatALearnerHoldsStays(browser);
    }

    /** Clicks where a page that draws again between two commands cannot come between. */
    private void clicked(String id) {
      browser.script("document.getElementById(arguments[0]).click();", id);
      browser.awaitDecodes();
    }

    @Test
    void ranksAndBytesFollowTheLearnersWidths() {
      LessonHardware.assertRanksFollowTheLayout(browser);
    }

    @Test
    void aVerdictIsAboutWhatTheBetWasAbout() {
      LessonVerdicts.assertVerdictIsAboutTheFirstStory(browser);
    }

    @Test
    void numbersOfAStepAreThoseOfItsChoices() {
      LessonVerdicts.assertOneRankLacksNothing(browser);
      LessonVerdicts.assertAverageOnTwoRanksIsThatOfThePicture(browser);
    }

    @Test
    void theFirstAnswerCounts() {
      LessonVerdicts.assertFirstAnswerCounts(browser);
    }

    @Test
    void aTamperedAddressIsRefusedWithASentence() {
      LessonRefusals.assertTamperedAddressIsRefused(browser);
    }

    @Test
    void aWrongStoryLeavesTheLastGoodOneAndSaysWhy() {
      LessonRefusals.assertWrongStoryLeavesTheLast(browser);
    }

    @Test
    void paperHasAPageForEachStepAndOneWithTheAnswers() {
      for (String read : List.of("bets", "all")) {
        browser.show("#s=1&read=" + read);
        browser.await("#s1[aria-current=step]");
        String pdf = new String(browser.printed(), StandardCharsets.ISO_8859_1);
        long pages = Pattern.compile("/Type /Page\\b(?!s)").matcher(pdf).results().count();
        assertEquals(STEPS + 1L, pages, read);
      }
    }

    private static final String IS_SECOND_OPTION = "return document.activeElement.id === 'bet1';";

    /** Texts that are too small for a lecture hall, but for the buttons that save. */
    private static final String SMALL_TYPE =
        "return [...document.querySelectorAll('main *')].filter((e) => !e.closest('.save, svg') &&"
            + " [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '') &&"
            + " parseFloat(getComputedStyle(e).fontSize) < 20).map((e) => e.outerHTML.slice(0,"
            + " 80));";

    /** What can be clicked, but has no place in the order of the keyboard. */
    private static final String WITHOUT_KEYS =
        "return [...document.querySelectorAll('main *')].filter((e) =>"
            + " getComputedStyle(e).cursor === 'pointer' && e.tabIndex < 0"
            + " && !e.closest('button, select, summary, a')).map((e) => e.outerHTML.slice(0, 80));";
  }
}
