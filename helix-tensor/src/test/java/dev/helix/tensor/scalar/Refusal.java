package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.function.Executable;

/** An operation must refuse, with a message that says what it has to. */
final class Refusal {
  private Refusal() {}

  static void naming(Executable operation, String... words) {
    String message = assertThrows(IllegalArgumentException.class, operation).getMessage();
    assertAll(
        Arrays.stream(words)
            .map(word -> () -> assertTrue(message.contains(word), message + " lacks " + word)));
  }
}
