package dev.helix.runtime.dump.reading;

import dev.helix.tensor.io.ElementType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user says of a dump beside its files.
 *
 * @param map a file that says what the tensors are; without it, their names say so
 * @param ranks the number of ranks that the dump has to have; without it, ranks are those that are
 *     there, which have to be 0, 1, … without a gap
 * @param cacheType the type of a cache that the file keeps as bytes or as integers of 16 bits
 */
public record DumpOptions(Optional<Path> map, OptionalInt ranks, Optional<ElementType> cacheType) {
  /** Nothing is said. */
  public static final DumpOptions NONE =
      new DumpOptions(Optional.empty(), OptionalInt.empty(), Optional.empty());

  /** These options, with a map. */
  public DumpOptions withMap(Path file) {
    return new DumpOptions(Optional.of(file), ranks, cacheType);
  }

  /** These options, with a number of ranks. */
  public DumpOptions withRanks(int count) {
    return new DumpOptions(map, OptionalInt.of(count), cacheType);
  }

  /** These options, with the type of a cache of bytes. */
  public DumpOptions withCacheType(ElementType type) {
    return new DumpOptions(map, ranks, Optional.of(type));
  }
}
