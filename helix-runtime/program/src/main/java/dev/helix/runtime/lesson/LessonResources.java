package dev.helix.runtime.lesson;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files that the page is made from. */
final class LessonResources {
  private LessonResources() {}

  /** The text of a file of the lesson. */
  static String text(String name) {
    return new String(bytes("/dev/helix/runtime/lesson/" + name), StandardCharsets.UTF_8);
  }

  /**
   * The bytes of any resource of the program.
   *
   * @param path absolute
   */
  static byte[] bytes(String path) {
    try (InputStream in = LessonResources.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
