package dev.helix.laws.museum;

import dev.helix.laws.Law;
import dev.helix.laws.UnderTest;
import java.util.List;

/**
 * A fault that a serving system has shipped, as a small faulty variant.
 *
 * @param name short, for the matrix
 * @param seenIn issues in which it was reported
 * @param story what went wrong, why usual tests miss it, which law catches it
 * @param killers the laws that catch it on every seed of a few dozen cases; others may too
 * @param variant the faulty implementation
 */
public record Exhibit(
    String name, String seenIn, String story, List<Law> killers, UnderTest variant) {
  public Exhibit {
    killers = List.copyOf(killers);
  }
}
