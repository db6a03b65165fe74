package dev.helix.tests.manual;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A page in Markdown: the README or one of the manual.
 *
 * @param file from the root of the repository
 * @param text of the page, its lines ended by a single line feed
 */
public record Page(Path file, String text) {
  /** The root of the repository; tests run in the folder of their module. */
  public static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private static final String FENCE = "```";

  /** Folders without pages: what is built, what is hidden, what is code. */
  private static final Set<String> WITHOUT_PAGES = Set.of("target", "java", "resources");

  /** The README. */
  public static Page readme() {
    return read(ROOT.resolve("README.md"));
  }

  /** The README, then the pages of all modules in the order of their names. */
  public static List<Page> all() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = folder.getFileName().toString();
              boolean without = WITHOUT_PAGES.contains(name) || name.startsWith(".");
              return without && !folder.equals(ROOT)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(".md")) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path readme = ROOT.resolve("README.md");
    files.remove(readme);
    Collections.sort(files);
    files.add(0, readme);
    return files.stream().map(Page::read).toList();
  }

  /**
   * The page of a name, such as {@code decode.md}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Page named(String name) {
    return all().stream()
        .filter(page -> page.file().endsWith(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the manual has no page " + name));
  }

  private static Page read(Path file) {
    try {
      return new Page(ROOT.relativize(file), Files.readString(file).replace("\r", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks, in their order. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    List<String> inside = new ArrayList<>();
    Optional<String> info = Optional.empty();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (info.isEmpty()) {
        info = Optional.of(line).filter(l -> l.startsWith(FENCE)).map(l -> l.substring(3));
        inside.clear();
      } else if (line.equals(FENCE)) {
        blocks.add(Block.of(this, number - inside.size() - 1, info.get(), inside));
        info = Optional.empty();
      } else {
        inside.add(line);
      }
    }
    if (info.isPresent()) {
      throw new IllegalArgumentException(file + ": the last block does not end");
    }
    return blocks;
  }

  /** The block that is a file of this name. */
  public Block fileNamed(String name) {
    return blocks().stream()
        .filter(block -> block.name().equals(Optional.of(name)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(file + " shows no file " + name));
  }

  /** The text without its fenced blocks, which stay as empty lines. */
  public String prose() {
    StringBuilder prose = new StringBuilder();
    boolean code = false;
    for (String line : text.split("\n", -1)) {
      boolean fence = line.startsWith(FENCE);
      prose.append(code || fence ? "" : line).append('\n');
      code ^= fence;
    }
    return prose.toString();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
