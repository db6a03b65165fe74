package dev.helix.tensor;

/**
 * Thrown if something that the user gave is wrong: a file, a field, a layout, a token. The message
 * is one line that names it and says what was expected and what came. Control characters of names
 * that it quotes are escaped, so that none of them breaks the line or steers a terminal. Programs
 * print the message and exit with status 2.
 */
public class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(ControlCharacters.escaped(message));
  }

  public InvalidInputException(String message, Throwable cause) {
    super(ControlCharacters.escaped(message), cause);
  }
}
