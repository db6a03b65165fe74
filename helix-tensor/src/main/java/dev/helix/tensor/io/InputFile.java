package dev.helix.tensor.io;

import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files that the user named. Whatever is wrong with one is said in one line that names it.
 */
public final class InputFile {
  private InputFile() {}

  /**
   * All bytes of a small file.
   *
   * @param maxBytes the largest size that is accepted
   * @throws InvalidInputException if the file is absent, no regular file, too large or unreadable
   */
  public static byte[] bytes(Path file, long maxBytes) {
    try {
      long size = Files.size(requireFile(file));
      if (size > maxBytes) {
        throw new InvalidInputException(
            "%s: expected at most %d bytes, got %d".formatted(file, maxBytes, size));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Checks that {@code file} exists and is a file, or a link to one. */
  static Path requireFile(Path file) {
    if (Files.notExists(file)) {
      throw new InvalidInputException(file + ": no such file");
    }
    if (!Files.isRegularFile(file)) {
      String found = Files.isDirectory(file) ? "a directory" : "something else";
      throw new InvalidInputException(file + ": expected a file, got " + found);
    }
    return file;
  }

  static InvalidInputException unreadable(Path file, IOException cause) {
    return new InvalidInputException(file + ": cannot be read: " + reason(cause), cause);
  }

  static InvalidInputException unwritable(Path file, IOException cause) {
    return new InvalidInputException(file + ": cannot be written: " + reason(cause), cause);
  }

  /** The reason of an exception, without the path that messages of the file system begin with. */
  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
