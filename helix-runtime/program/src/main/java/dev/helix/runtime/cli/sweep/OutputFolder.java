package dev.helix.runtime.cli.sweep;

import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.cli.output.ReportFile;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that receives a command's files. Each file is written beside its place and moved there
 * when it is whole, so that an interrupted command leaves no half of one.
 */
final class OutputFolder {
  private static final String OPTION = "--out";

  private final String name;
  private final Path folder;
  private final Map<String, ReportFile> files = new LinkedHashMap<>();

  private OutputFolder(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  /**
   * A folder for files of given names. Before the work starts, it is tried whether it can be made;
   * it is made when its first file is there, so that refused or interrupted work leaves none.
   *
   * @throws InvalidInputException if it holds anything else, or cannot be written to
   */
  static OutputFolder given(String name, List<String> files) {
    Path folder = Paths.given(OPTION, name);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new InvalidInputException(OPTION + ": expected a folder, '" + name + "' is a file");
    }
    boolean missing = Files.notExists(folder);
    OutputFolder own = new OutputFolder(name, folder);
    own.make();
    try {
      stranger(folder, files)
          .ifPresent(
              other -> {
                throw new InvalidInputException(
                    "%s: '%s' holds '%s': expected a new or empty folder, or one with nothing but earlier files of this command"
                        .formatted(OPTION, name, other));
              });
      files.forEach(
          file -> own.files.put(file, ReportFile.given(OPTION, folder.resolve(file).toString())));
      if (missing) {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw own.unusable(e);
    }
    return own;
  }

  private void make() {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(folder);
      }
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(
          OPTION + ": '" + name + "' cannot be made, since its parent is not there", e);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private InvalidInputException unusable(IOException e) {
    return new InvalidInputException(OPTION + ": '" + name + "' cannot be made or read", e);
  }

  private static Optional<String> stranger(Path folder, List<String> files) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .map(path -> path.getFileName().toString())
          .filter(name -> !files.contains(name))
          .sorted()
          .findFirst();
    }
  }

  /**
   * One of the files, to be written now.
   *
   * @throws InvalidInputException if the folder can no longer be made
   */
  ReportFile file(String file) {
    make();
    return files.get(file);
  }
}
