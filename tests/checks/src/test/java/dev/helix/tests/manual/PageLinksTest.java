package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pages point at is there, and the README points at every page. */
class PageLinksTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  static Stream<Page> pages() {
    return Page.all().stream();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkPointsAtSomething(Page page) {
    List<String> broken = new ArrayList<>();
    for (String link : links(page)) {
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page.file() : folder(page).resolve(parts[0]).normalize();
      boolean found = Files.exists(Page.ROOT.resolve(target));
      boolean anchored = found && (parts.length == 1 || anchors(target).contains(parts[1]));
      if (!anchored) {
        broken.add(link);
      }
    }
    assertEquals(List.of(), broken, page::toString);
  }

  @Test
  void theReadmePointsAtEveryPage() {
    Set<Path> linked =
        links(Page.readme()).stream()
            .map(link -> Path.of(link.split("#", 2)[0]).normalize())
            .collect(Collectors.toSet());
    List<Path> pages = Page.all().stream().map(Page::file).skip(1).toList();
    assertTrue(linked.containsAll(pages), () -> "of " + pages + " linked are " + linked);
  }

  private static Path folder(Page page) {
    Path folder = page.file().getParent();
    return folder == null ? Path.of("") : folder;
  }

  /** Where a page points within the repository. */
  private static List<String> links(Page page) {
    return LINK.matcher(page.prose().replaceAll("`[^`]*`", "code"))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.matches("[a-z]+:.*"))
        .toList();
  }

  /** The names that a forge gives to the headings of a page. */
  private static Set<String> anchors(Path file) {
    return Page.all().stream()
        .filter(page -> page.file().equals(file))
        .flatMap(page -> HEADING.matcher(page.prose()).results())
        .map(PageLinksTest::anchor)
        .collect(Collectors.toSet());
  }

  private static String anchor(MatchResult heading) {
    return heading
        .group(1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }
}
