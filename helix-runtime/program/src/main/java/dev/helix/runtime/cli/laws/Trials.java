package dev.helix.runtime.cli.laws;

import dev.helix.laws.Cause;
import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.runtime.cli.console.Progress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tests implementations by laws, and keeps the outcomes and the speed. */
final class Trials {
  private final List<Law> laws;
  private final LawMatrix matrix = new LawMatrix();
  private final List<LawsReport.Outcome> outcomes = new ArrayList<>();
  private final List<FoundCause> causes = new ArrayList<>();
  private final Map<Seam, Map<String, Integer>> largest = new EnumMap<>(Seam.class);
  private final List<String> reasons = new ArrayList<>();
  private final long start = System.nanoTime();

  Trials(List<Law> laws) {
    this.laws = laws;
  }

  List<Law> laws() {
    return laws;
  }

  LawMatrix matrix() {
    return matrix;
  }

  /** What all trials come to. */
  LawsConclusion conclusion() {
    return new LawsConclusion(matrix.outcomes());
  }

  /** The outcomes of all trials, in their order, for the report. */
  List<LawsReport.Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /** Whether a law is about what one of the variants implements. */
  boolean concern(List<UnderTest> variants) {
    return variants.stream().anyMatch(this::concern);
  }

  /** Whether a law is about what the variant implements. */
  boolean concern(UnderTest variant) {
    return laws.stream().anyMatch(law -> law.seam() == variant.seam());
  }

  /**
   * Tests each variant of each implementation by the laws that are about it.
   *
   * @param task the name that the progress bar shows
   * @param trial tests one variant by one law
   */
  void run(
      String task,
      Map<String, List<UnderTest>> implementations,
      BiFunction<Law, UnderTest, LawOutcome> trial) {
    try (Progress progress = new Progress(task, (long) implementations.size() * laws.size())) {
      for (Map.Entry<String, List<UnderTest>> one : implementations.entrySet()) {
        for (Law law : laws) {
          for (UnderTest variant : one.getValue()) {
            if (law.seam() == variant.seam()) {
              keep(one.getKey(), trial.apply(law, variant));
            }
          }
          progress.step(1);
        }
      }
    }
  }

  void keep(String implementation, LawOutcome outcome) {
    matrix.add(implementation, outcome);
    outcomes.add(LawsReport.Outcome.of(implementation, outcome));
  }

  /** Notes how long the axes of a variant's cases are. */
  void keepLargest(UnderTest variant, long seed, int cases) {
    Map<String, Integer> ofSeam =
        largest.computeIfAbsent(variant.seam(), none -> new LinkedHashMap<>());
    LawSuite.largest(laws, variant, seed, cases)
        .forEach((axis, size) -> ofSeam.merge(axis, size, Math::max));
  }

  /** The largest size of each axis of each seam, for the report. */
  List<LawsReport.LargestSize> largest() {
    List<LawsReport.LargestSize> sizes = new ArrayList<>();
    largest.forEach(
        (seam, axes) ->
            axes.forEach(
                (axis, size) -> sizes.add(new LawsReport.LargestSize(seam.label(), axis, size))));
    return List.copyOf(sizes);
  }

  /** Notes why laws are not tried, where it is known. */
  void keepReasons(Function<Law, Optional<String>> whyNotTried) {
    for (Law law : laws) {
      whyNotTried
          .apply(law)
          .ifPresent(why -> reasons.add("law %s is not checked: %s".formatted(law.label(), why)));
    }
  }

  /** Why laws were not tried, a line for each of them. */
  List<String> reasons() {
    return List.copyOf(reasons);
  }

  /** The trials in words, a line for each seam. */
  List<String> largestInWords() {
    List<String> lines = new ArrayList<>();
    largest.forEach(
        (seam, axes) -> {
          if (!axes.isEmpty()) {
            lines.add(
                "largest at the seam %s: %s"
                    .formatted(
                        seam.label(),
                        axes.entrySet().stream()
                            .map(axis -> axis.getValue() + " " + axis.getKey())
                            .collect(Collectors.joining(", "))));
          }
        });
    return lines;
  }

  /**
   * Finds the causes of the laws that an implementation's variant has broken, and puts together
   * laws with the same cause.
   */
  void findCauses(String implementation, UnderTest variant, long seed, int cases) {
    List<LawOutcome> broken =
        matrix.broken(implementation).stream()
            .filter(outcome -> outcome.law().seam() == variant.seam())
            .toList();
    keepCauses(implementation, LawSuite.causes(broken, variant, seed, cases));
  }

  /** Adds everything that was found about an implementation. */
  void keep(String implementation, LawFindings found) {
    found.outcomes().forEach(outcome -> keep(implementation, outcome));
    keepCauses(implementation, found.causes());
  }

  private void keepCauses(String implementation, List<Cause> found) {
    found.forEach(cause -> causes.add(new FoundCause(implementation, cause)));
  }

  private record FoundCause(String implementation, Cause cause) {}

  /** The causes of broken laws, in the order of the implementations, for the report. */
  List<LawsReport.ToldCause> causes() {
    return causes.stream()
        .map(found -> LawsReport.ToldCause.of(found.implementation, found.cause))
        .toList();
  }

  /** The violations of an implementation in words: each cause once, in one or a few sentences. */
  List<String> sentences(String implementation) {
    List<String> sentences = new ArrayList<>();
    for (FoundCause found : causes) {
      if (found.implementation.equals(implementation)) {
        sentences.add(violation(implementation, found.cause.shown()).withoutDiagnosis());
        found.cause.others().ifPresent(sentences::add);
        found.cause.diagnosis().ifPresent(diagnosis -> sentences.add(diagnosis.sentence()));
      }
    }
    return sentences;
  }

  private LawViolation violation(String implementation, Law law) {
    return matrix.broken(implementation).stream()
        .filter(outcome -> outcome.law() == law)
        .findFirst()
        .flatMap(LawOutcome::broken)
        .orElseThrow();
  }

  /** How many cases there were, and how many per second. */
  String speed() {
    long done = matrix.outcomes().stream().mapToLong(LawOutcome::cases).sum();
    double seconds = (System.nanoTime() - start) / 1e9;
    return String.format(Locale.ROOT, "%d cases, %.0f cases/s", done, done / seconds);
  }
}
