package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** What follows when a learner changes the LSEs of ranks in step 5. */
final class LessonWeights {
  /** The weights in the table beside the sliders, and those on the cards. */
  private static final String WEIGHTS =
      """
      const texts = (where) => [...document.querySelectorAll(where)].map((e) => e.textContent);
      return [texts("#figure-formula td:last-child"), texts(".card dd:last-child")];
      """;

  private static final String MOVE =
      """
      const slider = document.getElementById("lse0");
      slider.value = "8";
      slider.dispatchEvent(new Event("change"));
      """;

  private static final String CLICK = "document.getElementById(arguments[0]).click();";

  private LessonWeights() {}

  /** Checks the cards and the merged output, under the right merge whatever was chosen before. */
  static void assertThePictureFollowsTheSliders(LessonBrowser browser) {
    browser.show("#s=5&kvp=4&run=16&read=all&m=average");
    browser.await("#lse0");
    Object before = browser.script(WEIGHTS);
    assertTrue(onlyRoundingShows(browser), "before");
    browser.script(MOVE);
    List<?> moved = (List<?>) browser.script(WEIGHTS);
    assertFalse(before.equals(moved), moved.toString());
    assertEquals(moved.get(0), moved.get(1));
    assertFalse(onlyRoundingShows(browser), "after a slider");
    browser.script(CLICK, "reset");
    browser.script(CLICK, "plus");
    assertEquals(before, browser.script(WEIGHTS));
    assertTrue(onlyRoundingShows(browser), "after 5 was added to every score");
  }

  private static boolean onlyRoundingShows(LessonBrowser browser) {
    return browser.text(".outcome p").matches("(?s).*by \\d+(\\.\\d+)?e-1[0-9].*");
  }
}
