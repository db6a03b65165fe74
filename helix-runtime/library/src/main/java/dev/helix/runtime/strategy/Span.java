package dev.helix.runtime.strategy;

/**
 * A run of heads, columns, experts or layers whose indices follow each other.
 *
 * @param first index of the first
 * @param count number of them; may be 0
 */
public record Span(int first, int count) {
  /** Nothing. */
  public static final Span NONE = new Span(0, 0);

  @Override
  public String toString() {
    if (count == 0) {
      return "-";
    }
    return count == 1 ? Integer.toString(first) : first + "-" + (first + count - 1);
  }
}
