package dev.helix.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class AxisTest {
  private static final List<String> NAMES =
      List.of(
          "batch",
          "shards",
          "hidden",
          "vocabulary",
          "qkv",
          "heads",
          "kvHeads",
          "headDim",
          "headsByDim",
          "slots",
          "queryLatent",
          "latent",
          "latentEntry",
          "gateUp",
          "intermediate",
          "experts");

  @Test
  void axesAreWrittenAsTheDocumentationWritesThem() {
    assertEquals(NAMES, names());
  }

  @Test
  void theNamesDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      // In Turkish the lower case of I is a letter of its own.
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertEquals(NAMES, names());
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<String> names() {
    return Arrays.stream(Axis.values()).map(Axis::toString).toList();
  }
}
