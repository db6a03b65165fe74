package dev.helix.runtime.report;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a report to a file. It writes a temporary file and moves it to its place when it is whole,
 * so that a partial file never remains.
 */
public final class JsonFile {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .enable(SerializationFeature.INDENT_OUTPUT);

  private final Path path;

  private JsonFile(Path path) {
    this.path = path;
  }

  /**
   * A file at a path, checked before the work starts whose result it receives.
   *
   * @throws InvalidInputException if the path is a directory, a link or a device, or its directory
   *     is missing or not writable
   */
  public static JsonFile at(Path path) {
    Path directory = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(path + ": expected a file to write, found a directory");
    }
    // The move would replace a link or a device with a plain file.
    if (Files.exists(path, NOFOLLOW_LINKS) && !Files.isRegularFile(path, NOFOLLOW_LINKS)) {
      throw new InvalidInputException(
          path + ": expected a file to write, found a link or a device");
    }
    if (directory == null || !Files.isDirectory(directory)) {
      throw new InvalidInputException(path + ": its directory does not exist");
    }
    if (!Files.isWritable(directory)) {
      throw new InvalidInputException(path + ": its directory is not writable");
    }
    if (Files.exists(path) && !Files.isWritable(path)) {
      throw new InvalidInputException(path + ": the file is not writable");
    }
    return new JsonFile(path);
  }

  /**
   * Writes the report as indented JSON, and replaces an earlier file.
   *
   * @throws InvalidInputException if the file cannot be written; an earlier file then remains
   */
  public void write(Object report) {
    try {
      replace(MAPPER.writeValueAsBytes(report));
    } catch (JsonProcessingException e) {
      throw refusal(e);
    }
  }

  /**
   * Writes text, as a picture is, in the same way.
   *
   * @throws InvalidInputException if the file cannot be written; an earlier file then remains
   */
  public void writeText(String text) {
    replace(text.getBytes(StandardCharsets.UTF_8));
  }

  private void replace(byte[] content) {
    // A temporary file of the JDK's could be read by its owner only.
    Path beside = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
    beside.toFile().deleteOnExit();
    try {
      Files.write(beside, content, StandardOpenOption.CREATE_NEW);
      Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(beside);
      throw refusal(e);
    }
  }

  private InvalidInputException refusal(IOException e) {
    return new InvalidInputException(path + ": cannot be written: " + reason(e), e);
  }

  /**
   * Prints the report as indented JSON. The text is ASCII, so that it is the same in the charset of
   * every terminal.
   */
  public static void print(Object report, PrintStream out) {
    try {
      out.println(
          MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(report));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is not JSON: " + e.getMessage(), e);
    }
  }

  private static void discard(Path beside) {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      // The cause of the failure is what is reported. The file is removed when the program ends.
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : e.toString();
  }
}
