package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The generated parts of pages are those that the code gives. With {@code
 * -Dhelix.manual.update=true} they are written into the pages instead.
 */
class GeneratedPartsTest {
  private static final String UPDATE = "helix.manual.update";
  private static final Pattern PART =
      Pattern.compile("(?s)(<!-- generated:([^>]+) -->\n)(.*?)(<!-- end -->)");

  static Stream<Page> pages() {
    return Page.all().stream().filter(page -> page.text().contains("<!-- generated:"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageHasWhatTheCodeSays(Page page) throws IOException {
    String expected =
        PART.matcher(page.text())
            .replaceAll(
                part ->
                    Matcher.quoteReplacement(
                        part.group(1) + GeneratedParts.of(part.group(2)) + part.group(4)));
    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(Page.ROOT.resolve(page.file()), expected);
    } else {
      assertEquals(
          expected, page.text(), () -> page + ": run this test with -D" + UPDATE + "=true");
    }
  }
}
