package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** What a step shows before its bet is answered, and what then opens. */
final class LessonBets {
  /** Texts of the page, and those that only a screen reader or a resting pointer gets. */
  private static final String SHOWN =
      """
      const shown = (root) => [root, ...root.querySelectorAll("*")].flatMap((e) => [
        ...["aria-label", "title", "placeholder"].map((name) => e.getAttribute(name) ?? ""),
        ...[...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data)]).join("\\n");
      """;

  private static final String WORDS =
      """
      const words = (step) => JSON.parse(document.getElementById("data").textContent)
        .strings[document.documentElement.lang].steps[step - 1];
      const plain = (text) => text.replace(/\\[\\[([^|\\]]+)(\\|[^\\]]+)?\\]\\]/g, "$1");
      """;

  /** The claim and parts of the sentences behind the bet that stand on the page. */
  private static final String LEAKED =
      SHOWN
          + WORDS
          + """
          const step = words(arguments[0]);
          const parts = [step.reveal, step.now ?? "", ...step.text].flatMap((text) => text.split(/\\{\\w+\\}|\\[\\[|\\]\\]/));
          const page = shown(document.getElementById("page"));
          return [step.claim, ...parts].map((part) => part.trim())
            .filter((part) => part.length >= 15 && page.includes(part));
          """;

  /** Short names of merges that stand on the page; they tell what is wrong with each. */
  private static final String NAMED =
      SHOWN
          + """
          const page = shown(document.getElementById("page"));
          const { strings, mergeNames } = JSON.parse(document.getElementById("data").textContent);
          const names = [strings[document.documentElement.lang].merges, mergeNames].flatMap(Object.values);
          return names.filter((name) => page.includes(name));
          """;

  private static final String PAGE = SHOWN + "return shown(document.getElementById('page'));";

  /** Numbers of four signs or more that the revealed sentence says of this story. */
  private static final String VALUES =
      WORDS
          + """
          const parts = plain(words(arguments[0]).reveal).split(/\\{\\w+\\}/);
          const quoted = parts.map((part) => part.replace(/[.*+?^${}()|[\\]\\\\]/g, "\\\\$&"));
          const found = new RegExp("^" + quoted.join("(.+?)") + "$").exec(document.querySelector(".reveal").textContent);
          return found === null ? null : found.slice(1).filter((value) => /\\d/.test(value) && value.length >= 4);
          """;

  private LessonBets() {}

  /**
   * Shows a step with its bet open, then reveals the answer, and checks that nothing of it stood
   * there before.
   */
  static void assertTheBetComesFirst(LessonBrowser browser, int step) {
    String where = "step " + step;
    browser.show("#s=" + step);
    browser.await("#s" + step + "[aria-current=step]");
    browser.await(".step .covered");
    assertEquals(List.of(), browser.script(LEAKED, step), where + " says before the bet");
    assertEquals(0L, count(browser, ".play, .more, .reveal, .controls"), where);
    String before = browser.script(PAGE).toString();
    if (step == 1) {
      assertEquals(0L, count(browser, ".share, .percent, .looked, .outcome table"), where);
      assertTrue(!before.contains("%"), where + " shows a share before the bet");
    }
    if (step == 2) {
      assertEquals(0L, count(browser, ".owner, .card, .r0, .r1, .r2"), where);
    }
    if (step == 7) {
      assertEquals(0L, count(browser, "#merge, .outcome table"), where);
      assertEquals(List.of(), browser.script(NAMED), where + " names merges before the bet");
    }
    browser.press("r");
    browser.await(".reveal");
    browser.awaitDecodes();
    Object values = browser.script(VALUES, step);
    assertTrue(values instanceof List, where + " reveals another sentence than its own");
    for (Object value : (List<?>) values) {
      assertTrue(!before.contains(value.toString()), where + " shows " + value + " before the bet");
    }
    assertOpen(browser, step);
  }

  /** Checks that the step shows its claim and all that was covered. */
  static void assertOpen(LessonBrowser browser, int step) {
    String claim = browser.script(WORDS + "return words(arguments[0]).claim;", step).toString();
    browser.await(".step .play");
    // What is still computed may change what is there.
    browser.awaitDecodes();
    assertEquals(
        List.of(step + ". " + claim, claim),
        browser.script(
            "return [document.getElementById('claim').textContent,"
                + " document.getElementById('s' + arguments[0]).title];",
            step));
    assertEquals(0L, count(browser, ".covered"), "step " + step);
  }

  private static Object count(LessonBrowser browser, String selector) {
    return browser.script(
        "return document.querySelectorAll(arguments[0]).length;",
        "main " + selector.replace(", ", ", main "));
  }
}
