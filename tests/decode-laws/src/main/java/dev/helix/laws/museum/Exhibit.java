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
 * @param variants the faulty implementation: the same fault under the laws of each seam at which it
 *     shows
 */
public record Exhibit(
    String name, String seenIn, String story, List<Law> killers, List<UnderTest> variants) {
  public Exhibit {
    killers = List.copyOf(killers);
    variants = List.copyOf(variants);
  }

  /** A fault of one seam. */
  Exhibit(String name, String seenIn, String story, List<Law> killers, UnderTest variant) {
    this(name, seenIn, story, killers, List.of(variant));
  }

  /** The variant that a law can be held against. */
  public UnderTest at(Law law) {
    return variants.stream()
        .filter(variant -> variant.seam() == law.seam())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has nothing at " + law.seam()));
  }
}
