package dev.helix.tests.damage;

import dev.helix.runtime.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The most memory that a process has had, native code included, where the system tells. Started as
 * a program, it is Helix, and leaves that number behind in the file that is its first argument.
 */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private PeakMemory() {}

  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(file)));
    Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  /** Of this process. */
  static OptionalLong residentBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1_024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst();
  }

  private static void leave(Path file) {
    try {
      Files.writeString(file, String.valueOf(residentBytes().orElse(0)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
