package dev.helix.runtime.dump.dialect;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.InputFile;
import dev.helix.tensor.io.foreign.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of a dump.
 *
 * @param path where it is, or what messages call it
 * @param within its path inside the dump, with {@code /} between the parts
 * @param held its bytes, if they are in memory and not at the path
 */
record DumpFile(Path path, String within, Optional<ByteBuffer> held) {
  private static final List<String> ENDINGS =
      List.of(".safetensors", ".npz", ".npy", ".pt", ".pth", ".bin");

  /** Folders inside each other; no dialect has as many. */
  private static final int MAX_DEPTH = 8;

  /** Files of one dump; more would be more maps than systems give a process. */
  private static final int MAX_FILES = 50_000;

  private static final long MAX_TEXT_BYTES = 16_000_000;

  /** The file's path inside the dump, without its ending. */
  String stem() {
    int dot = within.lastIndexOf('.');
    return dot < 0 ? within : within.substring(0, dot);
  }

  /** The file's name, without its ending. */
  String nameStem() {
    String stem = stem();
    return stem.substring(stem.lastIndexOf('/') + 1);
  }

  /** The file's name. */
  String name() {
    return within.substring(within.lastIndexOf('/') + 1);
  }

  /** The path of the file's folder inside the dump; empty at the top. */
  String folder() {
    return within.substring(0, Math.max(0, within.lastIndexOf('/')));
  }

  /** All bytes of a small file. */
  byte[] bytes() {
    if (held.isPresent()) {
      return ByteSource.of(held.get()).bytes(0, held.get().remaining());
    }
    return InputFile.bytes(path, MAX_TEXT_BYTES);
  }

  /** Opens a file of tensors. */
  TensorFile open() {
    return held.isPresent()
        ? TensorFile.of(path.toString(), ByteSource.of(held.get()))
        : TensorFile.open(path);
  }

  /** Whether the file's ending is one of tensor files. */
  boolean isOfTensors() {
    String lower = name().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(lower::endsWith);
  }

  /**
   * The files in the folders and the files that were named, in the order of their names.
   *
   * @throws InvalidInputException if a path is not there, or the files are too many
   */
  static List<DumpFile> in(List<Path> paths) {
    List<DumpFile> found = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        int parts = path.getNameCount();
        Path last = parts > 2 ? path.subpath(parts - 2, parts) : path;
        found.add(new DumpFile(path, slashed(last), Optional.empty()));
        continue;
      }
      try (Stream<Path> entries = Files.walk(path, MAX_DEPTH)) {
        entries
            .filter(Files::isRegularFile)
            .sorted()
            .limit(MAX_FILES + 1L)
            .forEach(
                file ->
                    found.add(
                        new DumpFile(file, slashed(path.relativize(file)), Optional.empty())));
      } catch (IOException | UncheckedIOException e) {
        throw new InvalidInputException(path + ": cannot be read: " + e.getMessage(), e);
      }
      if (found.size() > MAX_FILES) {
        throw new InvalidInputException(
            "%s: expected at most %d files, got more".formatted(path, MAX_FILES));
      }
    }
    return found;
  }

  /** Files in memory, by their paths inside the dump. */
  static List<DumpFile> held(Map<String, byte[]> files) {
    List<DumpFile> found = new ArrayList<>();
    files.forEach(
        (within, bytes) ->
            found.add(new DumpFile(Path.of(within), within, Optional.of(ByteBuffer.wrap(bytes)))));
    return found;
  }

  private static String slashed(Path path) {
    List<String> parts = new ArrayList<>();
    path.forEach(part -> parts.add(part.toString()));
    return String.join("/", parts);
  }
}
