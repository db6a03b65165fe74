package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;

/** What the two tests of step 7 see of the merges A to F. */
final class LessonSuspects {
  private static final String CLICK = "document.getElementById(arguments[0]).click();";

  /** One column of the table of the merges A to F. */
  private static final String COLUMN =
      """
      const all = [...document.querySelectorAll("#figure-suspects tbody tr")]
        .map((row) => row.cells[arguments[0]].textContent);
      """;

  /** The rows with a certain text in a column. */
  private static final String ROWS =
      COLUMN + "return [...all.keys()].filter((i) => all[i] === arguments[1]);";

  private static final int TEXT = 2;
  private static final int OFF = 3;
  private static final int LAWS = 4;

  private LessonSuspects() {}

  /** Runs both tests on the first story, and then with a first rank that has no tokens. */
  static void assertTheLawsSeeWhatTheTextDoesNot(LessonBrowser browser) {
    browser.show("#s=7&kvp=8&bets=7a");
    clicked(browser, "texts");
    clicked(browser, "laws");
    assertEquals(
        Collections.nCopies(6, "barn . Where is the"),
        browser.script(COLUMN + "return all;", TEXT));
    assertEquals(List.of(3L), browser.script(ROWS, LAWS, "none"));
    clicked(browser, "empty");
    assertEquals(List.of(4L), browser.script(ROWS, OFF, "NaN"));
  }

  private static void clicked(LessonBrowser browser, String id) {
    browser.script(CLICK, id);
    browser.awaitDecodes();
  }
}
