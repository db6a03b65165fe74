package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;

/** Addresses and stories that the page cannot show. */
final class LessonRefusals {
  private LessonRefusals() {}

  /** Shows what the address asks for as far as it exists, and names the rest. */
  static void assertTamperedAddressIsRefused(LessonBrowser browser) {
    browser.go("?mode=projector", "#s=4&kvp=3&l=77&m=none&read=all");
    browser.await("body.projector #s4[aria-current=step]");
    assertEquals("4", browser.value("#kvp"));
    String refused = browser.text("[role=status].bad");
    assertTrue(refused.contains("kvp=3 (possible: 1, 2, 4, 8); l=77 (possible: 0–3); m=none"));
    browser.show("#s=3&read=all&alone=8");
    browser.await("#s3[aria-current=step]");
    assertTrue(browser.text("[role=status].bad").contains("alone=8 (possible: 0, 1"));
    for (String wrong :
        List.of(
            "kvp=0",
            "kvp=9",
            "kvp=-1",
            "kvp=1e9",
            "run=",
            "h=8",
            "digits=7",
            "moved=a-b",
            "read=none",
            "bets=1z",
            "bets=11a",
            "bets=1f",
            "bets=0-")) {
      browser.show("#s=5&" + (wrong.startsWith("read") ? "bets=5-&" : "read=all&") + wrong);
      browser.await("#s5[aria-current=step]");
      assertTrue(browser.text("[role=status].bad").contains(wrong + " ("), wrong);
      assertEquals("4", browser.value("#kvp"), wrong);
      assertTrue(browser.text(".outcome p.good").contains("barn"), wrong);
    }
  }

  /** Tells stories that the model cannot read. */
  static void assertWrongStoryLeavesTheLast(LessonBrowser browser) {
    browser.show("#s=1&read=all");
    browser.await("#s1[aria-current=step]");
    String good = browser.script("return location.hash;").toString();
    told(browser, "The zebra is in the barn", "zebra");
    told(browser, "", "at least one word");
    told(browser, String.join(" ", Collections.nCopies(300, "barn")), "300 words");
    assertEquals(good, browser.script("return location.hash;"));
    browser.show("#s=2&read=all&story=zebra");
    assertTrue(browser.text("[role=status].bad").contains("zebra"));
    assertTrue(browser.text(".outcome p.good").contains("barn"));
  }

  private static void told(LessonBrowser browser, String story, String problem) {
    browser.script(
        "const field = document.getElementById('story'); field.value = arguments[0];"
            + "field.dispatchEvent(new Event('change'));",
        story);
    String said = browser.text("#problem");
    assertTrue(said.contains(problem), said);
    assertTrue(browser.text(".outcome p.good").contains("barn"), story);
  }
}
