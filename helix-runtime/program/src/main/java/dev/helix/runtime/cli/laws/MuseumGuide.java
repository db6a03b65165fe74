package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.museum.Exhibit;
import java.util.List;
import java.util.stream.Collectors;

/** Describes the exhibits in words: what went wrong where, and which laws catch it. */
final class MuseumGuide {
  private static final int WIDTH = 98;
  private static final String NEW_LINE = System.lineSeparator();

  private MuseumGuide() {}

  /** A paragraph for each exhibit. */
  static String of(List<Exhibit> exhibits) {
    return exhibits.stream().map(MuseumGuide::paragraph).collect(Collectors.joining(NEW_LINE));
  }

  private static String paragraph(Exhibit exhibit) {
    String killers = exhibit.killers().stream().map(Law::label).collect(Collectors.joining(", "));
    String story = exhibit.story().replaceAll("(.{1,%d})( |$)".formatted(WIDTH), "  $1" + NEW_LINE);
    return "%s%n  seen in %s%n%s  laws: %s%n"
        .formatted(exhibit.name(), exhibit.seenIn(), story, killers);
  }
}
