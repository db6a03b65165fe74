package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a bet is about, whatever else the learner has chosen. */
final class LessonVerdicts {
  private LessonVerdicts() {}

  /** Answers the first bet where the address has chosen another story and head. */
  static void assertVerdictIsAboutTheFirstStory(LessonBrowser browser) {
    browser.show(
        "#s=1&l=0&h=0&story=Ada put the lamp in the attic . Where is the lamp ? The lamp is in"
            + " the");
    browser.await(".step .covered");
    assertEquals(0L, browser.script("return document.querySelectorAll('.controls').length;"));
    assertTrue(browser.text("#figure-tokens").contains("barn"));
    browser.script("document.getElementById('bet1').click();");
    String verdict = browser.text(".reveal");
    assertTrue(verdict.matches("✓ Right\\. In the first story, .*“barn”.*"), verdict);
    String now = browser.text(".now");
    assertTrue(now.startsWith("With your choices, head 0 of layer 0 looks at “lamp”"), now);
    assertFalse(browser.text("#figure-tokens").contains("barn"));
  }

  /** Puts all tokens on one rank where the step speaks of a rank that lacks some. */
  static void assertOneRankLacksNothing(LessonBrowser browser) {
    browser.show("#s=3&kvp=1&read=all");
    browser.await(".step .play");
    browser.awaitDecodes();
    assertEquals(
        "With your choices: One rank has all tokens, so no rank lacks any.", browser.text(".now"));
    String text = browser.text(".step");
    assertFalse(text.contains("{"), text);
  }

  /** The text's numbers on two ranks are those that the picture then shows. */
  static void assertAverageOnTwoRanksIsThatOfThePicture(LessonBrowser browser) {
    browser.show("#s=4&kvp=2&m=average&read=all");
    browser.await(".step .play");
    browser.awaitDecodes();
    String text = browser.text(".step");
    Matcher picture =
        Pattern.compile("component (\\d+) differs most .* by ([\\d.]+)\\.")
            .matcher(browser.text("#figure-outcome"));
    assertTrue(picture.find());
    String off =
        "component %s of the output of the head that is shown is off by %s,"
            .formatted(picture.group(1), picture.group(2));
    assertTrue(text.contains(off), text);
  }

  /** Bets again after the answer is known. */
  static void assertFirstAnswerCounts(LessonBrowser browser) {
    browser.show("#s=7");
    browser.await(".step .covered");
    browser.script("document.getElementById('bet0').click();");
    assertTrue(browser.text(".reveal").startsWith("✗ Not this time."));
    browser.script("document.getElementById('bet3').click();");
    assertTrue(browser.text(".reveal").startsWith("✗ Not this time."));
    browser.await("#bet0[aria-pressed=true][aria-disabled=true]");
  }
}
