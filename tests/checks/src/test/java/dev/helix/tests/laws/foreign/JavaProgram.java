package dev.helix.tests.laws.foreign;

import java.nio.file.Path;

/** Commands that start a class of these tests as somebody else's program. */
public final class JavaProgram {
  private JavaProgram() {}

  /**
   * The command for {@code --exec}, in a JVM that is ready soon.
   *
   * @param argument its first argument; those of the protocol follow
   */
  public static String command(Class<?> main, String argument) {
    return "'%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s %s"
        .formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            main.getName(),
            argument);
  }
}
