package dev.helix.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tests.manual.Page;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A property without a seed draws other cases in each build, and fails where nobody looks. */
class PropertySeedsTest {
  private static final Pattern PROPERTY =
      Pattern.compile("(?m)^ *@Property\\b(\\((?:[^()]|\\([^()]*\\))*\\))?");

  @Test
  void everyPropertyNamesItsSeed() throws IOException {
    List<String> without = new ArrayList<>();
    int properties = 0;
    for (Path source : sources()) {
      for (MatchResult found : PROPERTY.matcher(Files.readString(source)).results().toList()) {
        properties++;
        if (!found.group().contains("seed = ")) {
          without.add(Page.ROOT.relativize(source) + ":" + found.group().strip());
        }
      }
    }
    assertEquals(List.of(), without);
    assertTrue(properties > 100, "the sources are not where they were");
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        Page.ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean without = name.equals("target") || name.startsWith(".");
            return without && !folder.equals(Page.ROOT)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }
}
