package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.dialect.Collected;
import dev.helix.runtime.dump.dialect.Dialects;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
    if (options.map().isEmpty()) {
      return assembled(Dialects.read(paths), Optional.empty(), options);
    }
    DumpMap map = DumpMap.of(JsonObject.read(options.map().get()));
    return assembled(Dialects.readPlainly(paths), Optional.of(map), options);
  }

  /**
   * Opens a dump whose files are in memory.
   *
   * @param files by their paths inside the dump, in order
   * @param map what the tensors are; without it, their names say so
   * @throws InvalidInputException as {@link #open} throws it
   */
  public static Dump openHeld(Map<String, byte[]> files, Optional<JsonObject> map) {
    if (map.isEmpty()) {
      return assembled(Dialects.readHeld(files), Optional.empty(), DumpOptions.NONE);
    }
    Optional<DumpMap> read = map.map(DumpMap::of);
    return assembled(Dialects.readHeldPlainly(files), read, DumpOptions.NONE);
  }

  private static Dump assembled(Collected collected, Optional<DumpMap> map, DumpOptions options) {
    try {
      return new Dump(new Assembly(collected, map, options).content());
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
    try (Collected collected =
        understood(() -> Dialects.read(paths), () -> Dialects.readPlainly(paths))) {
      return MapSuggestion.of(collected.tensors());
    }
  }

  /**
   * Suggests a map for files in memory.
   *
   * @param files by their paths inside the dump, in order
   * @throws InvalidInputException naming the file and the field, if a file is damaged
   */
  public static String suggestedMapHeld(Map<String, byte[]> files) {
    try (Collected collected =
        understood(() -> Dialects.readHeld(files), () -> Dialects.readHeldPlainly(files))) {
      return MapSuggestion.of(collected.tensors());
    }
  }

  private static Collected understood(Supplier<Collected> dialect, Supplier<Collected> plain) {
    try {
      return dialect.get();
    } catch (InvalidInputException e) {
      // What is wrong for a dialect, such as a process without a rank, a map may put right.
      return plain.get();
    }
  }
}
