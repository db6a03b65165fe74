package dev.helix.laws;

import dev.helix.laws.Inquiry.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts broken laws together that one cause has broken.
 *
 * <p><b>The rule.</b> All questions that the broken laws asked, in all of their cases, are judged
 * row by row against the true value. Where a seam judges no answer by itself, all comparisons of a
 * law are judged instead. A {@link Trait} explains a law if the law saw a wrong row and no wrong
 * row without the trait: on its inputs without the trait it does not fail. The cause is the trait
 * whose rows are most nearly the wrong rows, by Ochiai's coefficient w / √(W · (w + r)) with w
 * wrong rows that have the trait, r right ones, and W wrong rows in all. (It ranks statements of
 * faulty programs by the tests that reach them: Abreu, Zoeteweij and van Gemund, "Spectrum-based
 * fault localization", 2007.) The laws that it explains are reported together, under the one of
 * them whose rows are most often wrong, and their wrong rows are set aside; then the rest are
 * explained likewise. Laws of NaN are passed over where a law of numbers is broken too, and laws of
 * needles and of means over many rows, whose inputs are long, wherever any other law is; causes
 * that such laws alone show come last. A law that is explained after some of its rows were set
 * aside is reported with the traits of those rows too. A law that no trait explains, or whose
 * answers are all within the bounds of their own questions, is reported alone.
 */
public final class Causes {
  /** Their inputs have NaN in them, which says little of a fault that shows in numbers. */
  private static final Set<Law> ABOUT_NAN =
      Set.of(
          Law.NAN_IS_REPORTED,
          Law.ATTENTION_NAN_IS_REPORTED,
          Law.ROUTING_NAN_IS_REPORTED,
          Law.HEAD_NAN_IS_REPORTED);

  /**
   * Their inputs stand for a million tokens and are not simplified, or are thousands of rows that
   * are wrong in the mean.
   */
  private static final Set<Law> OF_LONG_INPUTS =
      Set.of(Law.NEEDLE, Law.ATTENTION_NEEDLE, Law.WEIGHTS);

  private final Map<Law, List<Inquiry>> asked;
  private final Map<Law, List<Observation>> open = new LinkedHashMap<>();
  private final Map<Law, Set<Trait>> aside = new LinkedHashMap<>();
  private final Map<Law, Double> directness = new LinkedHashMap<>();
  private final List<Cause> causes = new ArrayList<>();

  private Causes(Map<Law, List<Inquiry>> asked) {
    this.asked = asked;
    asked.forEach(
        (law, inquiries) -> {
          List<Observation> rows =
              inquiries.stream().flatMap(inquiry -> inquiry.observations().stream()).toList();
          open.put(law, rows);
          aside.put(law, new LinkedHashSet<>());
          directness.put(law, share(rows));
        });
  }

  private static double share(Collection<Observation> rows) {
    return rows.isEmpty() ? 0 : (double) wrong(rows).size() / rows.size();
  }

  /**
   * Finds the causes of broken laws.
   *
   * @param asked what each broken law asked, in all of its cases, in the order of the laws
   * @return the causes in the order of the laws that report them; each broken law is in one cause
   */
  public static List<Cause> of(Map<Law, List<Inquiry>> asked) {
    return new Causes(asked).found();
  }

  private List<Cause> found() {
    open.keySet().stream()
        .filter(law -> wrong(open.get(law)).isEmpty())
        .toList()
        .forEach(this::alone);
    while (!open.isEmpty()) {
      Optional<Trait> cause = mostLikely();
      if (cause.isEmpty()) {
        List.copyOf(open.keySet()).forEach(this::alone);
      } else {
        together(cause.get());
      }
    }
    causes.sort(
        Comparator.<Cause, Boolean>comparing(cause -> OF_LONG_INPUTS.contains(cause.shown()))
            .thenComparing(Cause::shown));
    return List.copyOf(causes);
  }

  private void alone(Law law) {
    open.remove(law);
    causes.add(new Cause(law, List.of(), List.of(), Diagnosis.of(asked.get(law))));
  }

  private void together(Trait trait) {
    List<Law> explained = open.keySet().stream().filter(law -> explains(trait, law)).toList();
    explained.forEach(open::remove);
    open.replaceAll((law, rows) -> without(trait, law, rows));
    Law shown =
        explained.stream()
            .max(
                Comparator.<Law, Boolean>comparing(law -> !OF_LONG_INPUTS.contains(law))
                    .thenComparing(law -> !ABOUT_NAN.contains(law))
                    .thenComparingDouble(directness::get)
                    .thenComparing(Comparator.reverseOrder()))
            .orElseThrow();
    List<Inquiry> evidence = explained.stream().flatMap(law -> asked.get(law).stream()).toList();
    Set<Trait> traits = new LinkedHashSet<>(Set.of(trait));
    explained.forEach(law -> traits.addAll(aside.get(law)));
    causes.add(
        new Cause(
            shown,
            explained.stream().filter(law -> law != shown).toList(),
            explained.size() > 1 ? List.copyOf(traits) : List.of(),
            Diagnosis.of(evidence)));
  }

  private List<Observation> without(Trait trait, Law law, List<Observation> rows) {
    List<Observation> rest =
        rows.stream().filter(row -> !(row.wrong() && row.traits().contains(trait))).toList();
    if (rest.size() < rows.size()) {
      aside.get(law).add(trait);
    }
    return rest;
  }

  /** The trait of the greatest coefficient that explains a law. */
  private Optional<Trait> mostLikely() {
    List<Observation> rows = open.values().stream().flatMap(List::stream).toList();
    Set<Trait> traits = new LinkedHashSet<>();
    wrong(rows).forEach(row -> traits.addAll(row.traits()));
    return traits.stream()
        .filter(trait -> open.keySet().stream().anyMatch(law -> explains(trait, law)))
        .max(
            Comparator.<Trait>comparingDouble(trait -> ochiai(trait, rows))
                .thenComparing(Comparator.comparingInt(Trait::order).reversed()));
  }

  private boolean explains(Trait trait, Law law) {
    List<Observation> wrong = wrong(open.get(law));
    return !wrong.isEmpty() && wrong.stream().allMatch(row -> row.traits().contains(trait));
  }

  private static double ochiai(Trait trait, List<Observation> rows) {
    long with = rows.stream().filter(row -> row.traits().contains(trait)).count();
    List<Observation> wrong = wrong(rows);
    long both = wrong.stream().filter(row -> row.traits().contains(trait)).count();
    return both / Math.sqrt((double) wrong.size() * with);
  }

  private static List<Observation> wrong(Collection<Observation> rows) {
    return rows.stream().filter(Observation::wrong).toList();
  }
}
