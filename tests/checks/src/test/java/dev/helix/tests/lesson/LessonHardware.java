package dev.helix.tests.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.cli.HelixProgram;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the steps on hardware say, beside the program that they speak of. */
final class LessonHardware {
  private static final Pattern DATA = Pattern.compile("(?s)id=\"data\">(.*?)</script>");

  private LessonHardware() {}

  /** Checks that the command of the last step prints the times that the page has. */
  static void assertTimesAreThoseOfTheCommand(String page) throws IOException {
    Matcher data = DATA.matcher(page);
    assertTrue(data.find());
    JsonNode read = new ObjectMapper().readTree(data.group(1));
    JsonNode times = read.get("times");
    JsonNode steps = read.get("steps");
    String command = steps.get(steps.size() - 1).get("command").textValue();
    String arguments = command.replaceFirst("java -jar helix.jar ", "");
    String overlapped = printed(arguments);
    assertContains(overlapped, "TTL %.1f µs", times.get("idealised"));
    assertContains(overlapped, "with per-piece the TTL is %.1f µs", times.get("perPiece"));
    String off = printed(arguments.replaceFirst("--hop-b on --accounting \\w+", "--hop-b off"));
    assertContains(off, "TTL %.1f µs", times.get("off"));
  }

  private static String printed(String arguments) {
    HelixProgram program = HelixProgram.run(arguments.split(" "));
    assertEquals(0, program.status(), program.err());
    return program.out();
  }

  private static void assertContains(String printed, String words, JsonNode micros) {
    String expected = String.format(Locale.ROOT, words, micros.doubleValue());
    assertTrue(printed.contains(expected), () -> expected + " is not in:\n" + printed);
  }

  /** Opens step 9 with KVP 4, chooses TPA 2, and looks at each rank in each phase. */
  static void assertRanksFollowTheLayout(LessonBrowser browser) {
    browser.show("#s=9&kvp=4&read=all");
    browser.await("#s9[aria-current=step]");
    browser.type("tpa", "2");
    String revealed = browser.text(".now");
    assertTrue(revealed.contains("KVP 4 and TPA 2, a rank sends 12,480 bytes"), revealed);
    Layout layout = new Layout(4, 2, 2, 4);
    for (int rank = 0; rank < layout.ranks(); rank++) {
      int kvp = layout.kvpIndex(rank);
      assertRank(browser, rank, "attention", "KVP " + kvp + ", TPA " + layout.tpaIndex(rank));
      int tpf = layout.tpfIndex(rank);
      assertRank(browser, rank, "experts", "TPF " + tpf + ", EP " + layout.epIndex(rank));
      assertRank(browser, rank, "ffn", "TPF " + rank);
    }
  }

  private static void assertRank(LessonBrowser browser, int rank, String phase, String place) {
    browser.script("document.getElementById(arguments[0]).click();", phase);
    String label = browser.attribute("#rank" + rank, "aria-label");
    assertEquals("Rank " + rank + ": " + place, label);
  }
}
