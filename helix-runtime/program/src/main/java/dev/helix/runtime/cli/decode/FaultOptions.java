package dev.helix.runtime.cli.decode;

import dev.helix.runtime.cli.laws.ShownFaults;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that switch on a shipped fault in a run. */
final class FaultOptions {
  private static final String FAULT = "--fault";
  private static final int NEAREST = 3;

  @Option(
      names = FAULT,
      paramLabel = "NAME",
      description =
          "Decode with this shipped fault switched on, to see what it does to the text and what the"
              + " verification says. Its name is that of helix museum --list, with hyphens for"
              + " spaces if you like.")
  private Optional<String> fault;

  @Option(
      names = "--fault-rank",
      paramLabel = "R",
      description = "Switch the fault on in this rank only (default: in all ranks).")
  private Optional<Integer> rank;

  @Option(
      names = "--fault-layer",
      paramLabel = "L",
      description = "Switch the fault on in this layer only (default: in all layers).")
  private Optional<Integer> layer;

  /**
   * The fault that is to be switched on.
   *
   * @throws InvalidInputException if there is none with that name, or the run has no place for it
   */
  Optional<SwitchedOn> switchedOn(GivenOptions given, StrategyName strategy, Reading<?> reading) {
    if (fault.isEmpty()) {
      given.refuse("without --fault", "--fault-rank", "--fault-layer");
      return Optional.empty();
    }
    String name = fault.get();
    if (strategy != StrategyName.HELIX) {
      throw new InvalidInputException(
          "%s: expected --strategy helix, got %s; the faults are those of Helix's merge, placement and exchanges, which other strategies do not have"
              .formatted(FAULT, strategy));
    }
    Fault found = SwitchableFaults.named(name).orElseThrow(() -> refused(name));
    boolean ofDoubles = reading instanceof Fp64Reading || reading instanceof CountingReading;
    if (!ofDoubles && !SwitchableFaults.actsInEveryReading(found)) {
      throw new InvalidInputException(
          "%s: expected --reading fp64 or counting, got %s; the fault rewrites doubles, which that reading does not have there. Faults of the cache and of positions can be switched on in every reading"
              .formatted(FAULT, reading.name()));
    }
    try {
      return Optional.of(
          new SwitchedOn(found, new FaultSite(GivenNumber.whole(rank), GivenNumber.whole(layer))));
    } catch (InvalidInputException e) {
      throw new InvalidInputException("--fault-rank, --fault-layer: " + e.getMessage(), e);
    }
  }

  /** Why there is no fault with a name in a decode. */
  private static InvalidInputException refused(String name) {
    return ShownFaults.named(name)
        .map(
            shown ->
                new InvalidInputException(
                    "%s: '%s' is a fault of %s, which a decode always does right; helix museum runs it against the laws, and helix museum --list tells its story"
                        .formatted(FAULT, name, part(shown.seam()))))
        .orElseGet(
            () ->
                new InvalidInputException(
                    "%s: no fault '%s' can be switched on in a decode; %s"
                        .formatted(FAULT, name, others(name))));
  }

  private static String part(FaultSeam seam) {
    return switch (seam) {
      case ROUTING, FFN -> "the experts";
      case HEAD -> "the head";
      default -> "the numbers that are taken from a configuration";
    };
  }

  /** Says that a fault is on, where, and what it does. */
  static String words(SwitchedOn on) {
    FaultStory story = on.fault().story();
    return "FAULT SWITCHED ON: %s; %s%n  seen in %s%n  %s"
        .formatted(story.name(), on.site(), story.seenIn(), story.wentWrong());
  }

  /** The keys that have most words in common with a name, or where to find all of them. */
  private static String others(String name) {
    Set<String> words = new HashSet<>(List.of(name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")));
    List<String> nearest =
        SwitchableFaults.all().stream()
            .map(SwitchableFaults::key)
            .filter(key -> inCommon(key, words) > 0)
            .sorted(Comparator.comparingLong(key -> -inCommon(key, words)))
            .limit(NEAREST)
            .toList();
    return nearest.isEmpty()
        ? "nothing is called like it, and helix museum --list tells of all"
        : "the nearest are " + String.join(", ", nearest);
  }

  private static long inCommon(String key, Set<String> words) {
    return List.of(key.split("-")).stream()
        .filter(word -> words.stream().anyMatch(given -> alike(word, given)))
        .count();
  }

  /** Whether two words are the same, or one begins with the other's first letters. */
  private static boolean alike(String word, String given) {
    int stem = Math.min(Math.min(word.length(), given.length()), 5);
    return word.equals(given) || (stem > 3 && word.startsWith(given.substring(0, stem)));
  }
}
