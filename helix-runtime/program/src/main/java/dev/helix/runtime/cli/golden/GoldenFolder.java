package dev.helix.runtime.cli.golden;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A directory of golden cases. It is written beside its place and moved there when complete. */
final class GoldenFolder {
  private static final String README = "README.md";

  /** All that such a directory may have. */
  private static final Set<String> OWN =
      Set.of(README, "cases.safetensors", "expected.safetensors", "definitions", "workloads");

  private final Path place;

  /**
   * Checks that the directory can take the place of what is there.
   *
   * @throws InvalidInputException if something else is there
   */
  GoldenFolder(Path place) {
    this.place = place.toAbsolutePath().normalize();
    try {
      requireOwn();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void requireOwn() throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidInputException(
          "--out: %s: expected a directory, found something else".formatted(place));
    }
    try (Stream<Path> entries = Files.list(place)) {
      Set<String> names =
          entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
      boolean golden =
          OWN.containsAll(names)
              && names.contains(README)
              && Files.readString(place.resolve(README)).startsWith(ReadMe.TITLE + "\n");
      if (!names.isEmpty() && !golden) {
        throw new InvalidInputException(
            "--out: %s: expected an empty directory or one of golden cases, found %s"
                .formatted(
                    place,
                    names.stream()
                        .filter(n -> !OWN.contains(n))
                        .sorted()
                        .findFirst()
                        .orElse(README)));
      }
    }
  }

  /**
   * Writes the directory.
   *
   * @throws InvalidInputException if it cannot be written; what was there before then remains
   */
  void write(ReadMe readMe, SafetensorsWriter cases, SafetensorsWriter expected, BenchForm bench) {
    Path partial = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID());
    Path former = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID());
    try {
      try {
        Files.createDirectory(partial);
        Files.writeString(partial.resolve(README), readMe.text());
        cases.write(partial.resolve("cases.safetensors"));
        expected.write(partial.resolve("expected.safetensors"));
        for (Map.Entry<String, String> file : bench.files().entrySet()) {
          Path to = partial.resolve(file.getKey());
          Files.createDirectories(to.getParent());
          Files.writeString(to, file.getValue());
        }
        moveIntoPlace(partial, former);
      } finally {
        delete(partial);
        delete(former);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void moveIntoPlace(Path complete, Path former) throws IOException {
    if (!Files.exists(place)) {
      Files.move(complete, place);
      return;
    }
    Files.move(place, former);
    try {
      Files.move(complete, place);
    } catch (IOException e) {
      Files.move(former, place);
      throw e;
    }
  }

  private InvalidInputException unwritable(IOException e) {
    return new InvalidInputException(
        "--out: %s: expected a place where a directory can be written".formatted(place), e);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
