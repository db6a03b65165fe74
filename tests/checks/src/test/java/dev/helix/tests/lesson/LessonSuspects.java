package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private static final String NAMED =
      """
      return [...document.querySelectorAll("#figure-suspects tbody tr")]
        .map((row) => row.cells[0].textContent + ": " + row.cells[1].textContent);
      """;

  private static final String TEXTS =
      "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent);";

  private static final int TEXT = 2;
  private static final int OFF = 3;
  private static final int LAWS = 4;

  private LessonSuspects() {}

  /** Runs both tests on the first story, and then with a first rank that has no tokens. */
  static void assertTheLawsSeeWhatTheTextDoesNot(LessonBrowser browser) {
    browser.show("#s=7&kvp=8&bets=7a");
    assertNamedAlikeEverywhere(browser);
    clicked(browser, "texts");
    clicked(browser, "laws");
    assertEquals(
        Collections.nCopies(6, "barn . Where is the"),
        browser.script(COLUMN + "return all;", TEXT));
    assertEquals(List.of(3L), browser.script(ROWS, LAWS, "none"));
    clicked(browser, "empty");
    assertEquals(List.of(4L), browser.script(ROWS, OFF, "NaN"));
  }

  /** Letter and name of a suspect are those of the choice of merges and of the table of faults. */
  private static void assertNamedAlikeEverywhere(LessonBrowser browser) {
    List<?> named = (List<?>) browser.script(NAMED);
    List<?> chosen = (List<?>) browser.script(TEXTS, "#merge option");
    List<?> faults = (List<?>) browser.script(TEXTS, "#search tbody th");
    assertEquals(6, named.size());
    assertTrue(chosen.containsAll(named), chosen + " names otherwise " + named);
    List<?> wrong = named.stream().filter(name -> !name.toString().startsWith("D")).toList();
    assertTrue(faults.containsAll(wrong), faults + " names otherwise " + wrong);
  }

  private static void clicked(LessonBrowser browser, String id) {
    browser.script(CLICK, id);
    browser.awaitDecodes();
  }
}
