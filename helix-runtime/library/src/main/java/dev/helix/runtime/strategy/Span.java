package dev.helix.runtime.strategy;

/**
 * Some things that follow each other: heads, columns, experts or layers.
 *
 * @param first index of the first
 * @param count how many they are; may be 0
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
