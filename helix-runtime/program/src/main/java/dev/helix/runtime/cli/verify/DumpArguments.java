package dev.helix.runtime.cli.verify;

import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how the files of a dump are read. */
final class DumpArguments {
  @Option(
      names = "--map",
      paramLabel = "FILE",
      description =
          "A JSON file that says what the tensors are: role, axes, rank (default: their names and"
              + " shapes say so).")
  private Optional<String> map;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      description =
          "What the bytes of a cache are that the file keeps as integers: f8_e4m3, f8_e5m2 or bf16"
              + " (default: the file's own type).")
  private Optional<String> cacheType;

  /**
   * Opens a dump.
   *
   * @param given files and folders
   */
  Dump open(List<String> given) {
    return DumpReader.open(paths(given), options());
  }

  /**
   * A first version of a map.
   *
   * @param given files and folders
   */
  static String suggestedMap(List<String> given) {
    return DumpReader.suggestedMap(paths(given));
  }

  private static List<Path> paths(List<String> given) {
    return given.stream().map(path -> Paths.given("DIR|FILE", path)).toList();
  }

  /** What is given. */
  DumpOptions options() {
    DumpOptions options = DumpOptions.NONE;
    if (map.isPresent()) {
      options = options.withMap(Paths.given("--map", map.get()));
    }
    if (cacheType.isPresent()) {
      options = options.withCacheType(type(cacheType.get()));
    }
    return options;
  }

  private static ElementType type(String name) {
    return ElementType.named(name.toUpperCase(Locale.ROOT))
        .filter(ElementType::isNumber)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--kv-type: expected f8_e4m3, f8_e5m2, f16 or bf16, got '" + name + "'"));
  }
}
