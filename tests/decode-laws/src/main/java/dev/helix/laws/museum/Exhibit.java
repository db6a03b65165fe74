package dev.helix.laws.museum;

import dev.helix.laws.Law;
import dev.helix.laws.UnderTest;
import dev.helix.tensor.faults.Fault;
import java.util.List;

/**
 * A fault that a serving system has shipped, with its faulty variants and the laws that must catch
 * them.
 *
 * @param caught how laws catch it, in words
 * @param killers the laws that catch it on every seed of a few dozen cases; others may too
 * @param variants the faulty implementation: the same fault under the laws of each seam at which it
 *     shows
 */
public record Exhibit(Fault fault, String caught, List<Law> killers, List<UnderTest> variants) {
  public Exhibit {
    killers = List.copyOf(killers);
    variants = List.copyOf(variants);
  }

  /** A fault of one seam. */
  Exhibit(Fault fault, String caught, List<Law> killers, UnderTest variant) {
    this(fault, caught, killers, List.of(variant));
  }

  /** Short, for the matrix. */
  public String name() {
    return fault.story().name();
  }

  /** Issues in which the fault was reported. */
  public String seenIn() {
    return fault.story().seenIn();
  }

  /** What went wrong, why usual tests miss it, which law catches it. */
  public String story() {
    return String.join(" ", fault.story().wentWrong(), fault.story().whyMissed(), caught);
  }

  /** The variant that a law can be held against. */
  public UnderTest at(Law law) {
    return variants.stream()
        .filter(variant -> variant.seam() == law.seam())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name() + " has nothing at " + law.seam()));
  }
}
