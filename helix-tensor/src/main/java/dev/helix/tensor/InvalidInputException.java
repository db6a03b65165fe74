package dev.helix.tensor;

/**
 * Thrown if something that the user gave is wrong: a file, a field, a layout, a token. The message
 * is one line that names it and says what was expected and what came. Programs print the message
 * and exit with status 2.
 */
public class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
