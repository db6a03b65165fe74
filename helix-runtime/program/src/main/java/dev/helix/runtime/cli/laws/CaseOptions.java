package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.Seam;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.cli.option.number.SeedOption;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which laws are tested, and on which cases. */
final class CaseOptions {
  /** The names of all these options. */
  static final String[] NAMES = {"--law", "--seam", "--seed", "--cases"};

  private static final int MOST_CASES = 100_000;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description =
          "Try this law alone. The option may be repeated; laws --list has the names (default: all"
              + " laws).")
  private List<String> names = List.of();

  @Option(
      names = "--seam",
      paramLabel = "NAME",
      description =
          "Try the laws of this seam: merge, attention, placement, cache, routing, head, decode or"
              + " strategy. The option may be repeated, and used beside --law (default: all laws).")
  private List<String> seams = List.of();

  @Mixin private SeedOption seed;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Try each law on this many cases, from 1 to "
              + MOST_CASES
              + ": first on all hard cases, even if they are more, then on random ones. Long cases"
              + " of a merge, and decodes that combine every two choices, come on top (default:"
              + " ${DEFAULT-VALUE}).")
  private int cases;

  long seed() {
    return seed.seed();
  }

  /**
   * Number of cases of each law.
   *
   * @throws InvalidInputException if it is out of range
   */
  int cases() {
    GivenNumber.requireWithin("--cases", cases, 1, MOST_CASES);
    return cases;
  }

  /**
   * The laws that were named and those of the seams that were named, in their order; all laws if
   * none were named.
   *
   * @throws InvalidInputException if there is no law with such a name
   */
  List<Law> laws() {
    Set<Law> asked = EnumSet.noneOf(Law.class);
    names.forEach(name -> asked.add(law(name)));
    seams.forEach(name -> asked.addAll(Law.at(seam(name))));
    return asked.isEmpty() ? List.of(Law.values()) : List.copyOf(asked);
  }

  /** Whether some laws were named, so that others may be left out. */
  boolean areNamed() {
    return !names.isEmpty() || !seams.isEmpty();
  }

  /** The options that name laws, as they were given. */
  String named() {
    return Stream.concat(
            names.stream().map(name -> "--law " + name),
            seams.stream().map(name -> "--seam " + name))
        .collect(Collectors.joining(" "));
  }

  /** There are too many laws to name them all in a message. */
  private static Law law(String name) {
    return Arrays.stream(Law.values())
        .filter(law -> law.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--law: expected a name that laws --list has, got '%s'%s"
                        .formatted(
                            name,
                            NearestName.of(name, labels(Law.values(), Law::label))
                                .map("; did you mean %s?"::formatted)
                                .orElse(""))));
  }

  private static Seam seam(String name) {
    return Arrays.stream(Seam.values())
        .filter(seam -> seam.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--seam: expected one of %s, got '%s'"
                        .formatted(String.join(", ", labels(Seam.values(), Seam::label)), name)));
  }

  private static <E> List<String> labels(E[] all, Function<E, String> label) {
    return Arrays.stream(all).map(label).toList();
  }
}
