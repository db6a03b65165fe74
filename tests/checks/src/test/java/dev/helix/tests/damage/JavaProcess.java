package dev.helix.tests.damage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM like this one with a small heap. */
final class JavaProcess {
  private JavaProcess() {}

  static ProcessBuilder of(int heapMegabytes, Class<?> main, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // As README and manifest say: newer JDKs warn of native code and of Unsafe without.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words);
  }
}
