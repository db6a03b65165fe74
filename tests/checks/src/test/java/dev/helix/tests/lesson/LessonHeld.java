package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a learner holds while the page draws again, as it does when a decode arrives. */
final class LessonHeld {
  /** The page draws again what it shows. */
  private static final String DRAWN = "dispatchEvent(new Event('afterprint'));";

  private static final String IS_FOCUSED =
      "return document.activeElement === document.querySelector(arguments[0]);";

  private static final String SCROLLED =
      "const wide = [...document.querySelectorAll('.scrolls')].find((e) =>"
          + " e.scrollWidth > e.clientWidth + 20);wide.scrollLeft = 20;";

  private LessonHeld() {}

  /**
   * Types half a story, presses a button, explains a term and scrolls a drawing, always drawn in
   * between.
   */
  static void assertWhatALearnerHoldsStays(LessonBrowser browser) {
    browser.show("#s=1&read=all");
    browser.await("#s1[aria-current=step]");
    browser.script(
        "const field = document.getElementById('story'); field.focus(); field.value = '';");
    browser.press("Ada put the");
    browser.script(DRAWN);
    browser.press(" key");
    assertEquals("Ada put the key", browser.value("#story"));
    assertEquals(true, browser.script(IS_FOCUSED, "#story"));

    browser.script("document.querySelector('.step .term').focus();" + DRAWN);
    assertEquals(true, browser.script(IS_FOCUSED, ".step .term"));

    browser.hold("#mode", () -> browser.script(DRAWN));
    browser.await("body.projector");

    browser.layOut(360);
    browser.show("#s=7&read=all");
    browser.await("#s7[aria-current=step]");
    assertEquals(20L, browser.script(SCROLLED + DRAWN + "return wide.scrollLeft;"));
  }
}
