package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.dialect.Collected;
import dev.helix.runtime.dump.dialect.Dialects;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens dumps: finds the dialect, the roles of tensors and their axes, and checks that they agree.
 */
public final class DumpReader {
  private DumpReader() {}

  /**
   * Opens a dump, which has to be closed.
   *
   * @param paths files and folders, whose tensors count together
   * @throws InvalidInputException naming the file and the field, if a file is damaged, a rank is
   *     missing or there twice, or the tensors contradict each other
   */
  public static Dump open(List<Path> paths, DumpOptions options) {
    boolean mapped = options.map().isPresent();
    Collected collected = mapped ? Dialects.readPlainly(paths) : Dialects.read(paths);
    try {
      return new Dump(new Assembly(collected, options).content());
    } catch (InvalidInputException e) {
      collected.close();
      throw e;
    }
  }

  /**
   * A first version of a map for a dump, for the user to correct.
   *
   * @param paths files and folders
   * @return JSON, in lines
   * @throws InvalidInputException naming the file and the field, if a file is damaged
   */
  public static String suggestedMap(List<Path> paths) {
    try (Collected collected = understood(paths)) {
      return MapSuggestion.of(collected.tensors());
    }
  }

  private static Collected understood(List<Path> paths) {
    try {
      return Dialects.read(paths);
    } catch (InvalidInputException e) {
      // What is wrong for a dialect, such as a process without a rank, a map may put right.
      return Dialects.readPlainly(paths);
    }
  }
}
