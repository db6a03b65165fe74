package dev.helix.runtime.cli.output;

import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.report.JsonFile;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A file that an option names for a report. Before the work starts, the file tries whether its
 * directory takes a new file, because not every file system's permissions tell that.
 */
public final class ReportFile {
  /** The name that stands for standard output. */
  static final String STANDARD_OUTPUT = "-";

  private final String option;
  private final Path path;
  private final JsonFile file;

  private ReportFile(String option, Path path, JsonFile file) {
    this.option = option;
    this.path = path;
    this.file = file;
  }

  /**
   * The file of an option.
   *
   * @throws InvalidInputException if nothing can be written there
   */
  public static ReportFile given(String option, String name) {
    if (name.equals(STANDARD_OUTPUT)) {
      throw new InvalidInputException(
          option + ": expected a file, got '-': only --json writes to standard output");
    }
    Path path = Paths.given(option, name);
    ReportFile report = new ReportFile(option, path, JsonFile.at(path));
    report.tryDirectory();
    return report;
  }

  /** Whether both would be written to the same place. */
  public boolean isSameAs(ReportFile other) {
    return place().equals(other.place());
  }

  /**
   * Writes the report.
   *
   * @throws InvalidInputException if the file cannot be written; an earlier file then remains
   */
  public void write(Object report) {
    write(() -> file.write(report));
  }

  /**
   * Writes text, as a picture is.
   *
   * @throws InvalidInputException if the file cannot be written; an earlier file then remains
   */
  public void writeText(String text) {
    write(() -> file.writeText(text));
  }

  private void write(Runnable writing) {
    try {
      writing.run();
    } catch (InvalidInputException e) {
      throw e.getCause() instanceof IOException io ? unwritable(io) : e;
    }
  }

  private void tryDirectory() {
    Path beside = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
    beside.toFile().deleteOnExit();
    try {
      Files.createFile(beside);
      Files.delete(beside);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private Path place() {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      return absolute;
    }
  }

  private InvalidInputException unwritable(IOException e) {
    return new InvalidInputException(
        "%s: %s: cannot be written: %s".formatted(option, path, reason(e)), e);
  }

  /** The reason of an exception, without the name of a class. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason();
    }
    if (e instanceof NoSuchFileException) {
      return "its directory takes no new file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException || e.getMessage() == null
        ? "the file system refused it"
        : e.getMessage();
  }
}
