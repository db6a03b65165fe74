package dev.helix.laws.museum;

import dev.helix.laws.Law;
import dev.helix.laws.UnderTest;
import dev.helix.tensor.faults.Fault;
import java.util.List;

/**
 * A fault that a serving system has shipped, with its faulty variants and the laws that must catch
 * them.
 *
 * @param caught says in words how laws catch the fault
 * @param killers the laws that catch it on every seed with a few dozen cases; other laws may catch
 *     it too
 * @param variants the faulty implementation: the same fault under the laws of each seam at which it
 *     shows
 */
public record Exhibit(Fault fault, String caught, List<Law> killers, List<UnderTest> variants) {
  public Exhibit {
    killers = List.copyOf(killers);
    variants = List.copyOf(variants);
  }

  /** An exhibit with one variant, for a fault that shows at one seam. */
  Exhibit(Fault fault, String caught, List<Law> killers, UnderTest variant) {
    this(fault, caught, killers, List.of(variant));
  }

  /** A short name, for the matrix of faults and laws. */
  public String name() {
    return fault.story().name();
  }

  /** The issues in which the fault was reported. */
  public String seenIn() {
    return fault.story().seenIn();
  }

  /** Says what went wrong, why usual tests miss it, and which law catches it. */
  public String story() {
    return String.join(" ", fault.story().wentWrong(), fault.story().whyMissed(), caught);
  }

  /** The variant at the seam of a law. */
  public UnderTest at(Law law) {
    return variants.stream()
        .filter(variant -> variant.seam() == law.seam())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name() + " has nothing at " + law.seam()));
  }
}
