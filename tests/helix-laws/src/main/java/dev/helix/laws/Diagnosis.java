package dev.helix.laws;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A known fault that explains wrong answers: an implementation with that fault gives each of their
 * elements, within the derived bound.
 *
 * @param fault its name, and where it was seen
 * @param elements number of elements that the fault explains, which are all that were compared
 * @param equally other faults that explain as much
 */
public record Diagnosis(String fault, int elements, List<String> equally) {
  private static final int MOST_NAMED = 3;

  public Diagnosis {
    equally = List.copyOf(equally);
  }

  /**
   * Looks for faults that give every element of all answers, those that are right included, and
   * that would have been convicted where the answers are wrong. Without the latter every fault that
   * does no harm on these questions would pass for the cause of a merge that rounds too much, since
   * its answers are right ones. Nothing is named if no fault does both, or if no answer is wrong.
   */
  public static Optional<Diagnosis> of(Collection<? extends Inquiry> inquiries) {
    if (inquiries.stream().noneMatch(Inquiry::wrong)) {
      return Optional.empty();
    }
    Map<String, Integer> elements = new LinkedHashMap<>();
    Set<String> refuted = new HashSet<>();
    // Wrong answers first: they refute most faults, which then need not be asked the rest.
    List<Inquiry> wrongFirst = new ArrayList<>(inquiries);
    wrongFirst.sort(Comparator.comparing(inquiry -> !inquiry.wrong()));
    for (Inquiry inquiry : wrongFirst) {
      for (Inquiry.Agreement one : inquiry.agreements(fault -> !refuted.contains(fault))) {
        elements.merge(one.fault(), one.elements(), Integer::sum);
        if (one.within() < one.elements() || one.explained() < one.wrong()) {
          refuted.add(one.fault());
        }
      }
    }
    elements.keySet().removeAll(refuted);
    List<String> whole = elements.keySet().stream().toList();
    return whole.stream()
        .findFirst()
        .map(first -> new Diagnosis(first, elements.get(first), whole.subList(1, whole.size())));
  }

  /** The diagnosis as a sentence without its full stop. */
  public String sentence() {
    String others = equally.stream().limit(MOST_NAMED).collect(Collectors.joining("; or by: "));
    int unnamed = equally.size() - MOST_NAMED;
    return "the answers are those of a known fault, %s: %d of %d elements within the bound%s%s"
        .formatted(
            fault,
            elements,
            elements,
            others.isEmpty() ? "" : "; explained as well by: " + others,
            unnamed > 0 ? "; or by %d more".formatted(unnamed) : "");
  }
}
