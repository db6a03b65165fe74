package dev.helix.runtime.cli.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The README beside golden cases.
 *
 * @param seam merge or attention
 * @param convention the convention in words
 */
record ReadMe(String seam, String convention) {
  /** The first line of the file, by which a directory of golden cases is known. */
  static final String TITLE = "# Golden cases";

  String text() {
    return resource("README.md")
        .replace("{seam}", resource(seam + ".md").strip())
        .replace("{convention}", convention.strip());
  }

  private static String resource(String name) {
    try (InputStream text = ReadMe.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is not packed with the program");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
