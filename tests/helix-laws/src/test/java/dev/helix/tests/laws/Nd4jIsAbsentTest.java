package dev.helix.tests.laws;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All tests of this module run without the natives, so the laws need none of them. */
class Nd4jIsAbsentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.nd4j.linalg.factory.Nd4j",
        "org.bytedeco.javacpp.Pointer",
        "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer",
        "picocli.CommandLine"
      })
  void noneOfTheProgramsLibrariesIsOnTheClassPath(String type) {
    assertThrows(ClassNotFoundException.class, () -> Class.forName(type));
  }
}
