package dev.helix.tests.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The law on damaged files finds what it is there to find. */
class LoaderLawTest {
  private static final String FOLDER = "/models/a";

  @Test
  void aReadingAndARefusalInOneLineKeepIt() {
    assertEquals(Optional.empty(), LoaderLaw.broken(FOLDER, () -> {}));
    assertEquals(Optional.empty(), refused(FOLDER + "/config.json: expected x, got y"));
    assertEquals(Optional.empty(), refused(FOLDER + ": " + "x".repeat(LoaderLaw.MAX_CHARS - 2)));
  }

  @Test
  void aForeignExceptionBreaksItWhateverItSays() {
    String words = FOLDER + "/config.json: expected x, got y";
    for (Throwable foreign :
        new Throwable[] {
          new IllegalArgumentException(words), new OutOfMemoryError(words), new StackOverflowError()
        }) {
      Optional<String> broken = LoaderLaw.broken(FOLDER, () -> sneaky(foreign));
      assertTrue(broken.orElseThrow().startsWith("foreign: " + foreign), broken::toString);
    }
  }

  @Test
  void moreThanALineAPageAndAMessageWithoutAFileBreakIt() {
    for (String separator : new String[] {"\n", "\r", "\u0085", "\u2028", "\u001b[31m"}) {
      assertTrue(refused(FOLDER + separator).orElseThrow().startsWith("more than one line"));
    }
    String page = FOLDER + ": " + "x".repeat(LoaderLaw.MAX_CHARS - 1);
    assertTrue(refused(page).orElseThrow().startsWith("a message of 701 characters"));
    assertEquals(
        "names no file: scale of scores is Infinity",
        refused("scale of scores is Infinity").orElseThrow());
  }

  private static Optional<String> refused(String message) {
    return LoaderLaw.broken(
        FOLDER,
        () -> {
          throw new Unescaped(message);
        });
  }

  /** What a refusal would be that keeps the control characters of what it quotes. */
  private static final class Unescaped extends InvalidInputException {
    private static final long serialVersionUID = 1L;
    private final String unescaped;

    Unescaped(String message) {
      super(message);
      this.unescaped = message;
    }

    @Override
    public String getMessage() {
      return unescaped;
    }
  }

  private static void sneaky(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }
}
