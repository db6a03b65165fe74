package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which laws are tried, and on which cases. */
final class CaseOptions {
  /** All of them. */
  static final String[] NAMES = {"--law", "--seed", "--cases"};

  private static final int MOST_CASES = 100_000;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description =
          "Try this law alone. The option may be repeated; laws --list has the names (default: all"
              + " laws).")
  private List<String> names = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Begin random cases with this seed, any whole number (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Try each law on this many cases, from 1 to "
              + MOST_CASES
              + ": first on every hard case, of which none is left out, then on random ones"
              + " (default: ${DEFAULT-VALUE}).")
  private int cases;

  long seed() {
    return seed;
  }

  /**
   * How many cases of each law.
   *
   * @throws InvalidInputException if it is out of range
   */
  int cases() {
    if (cases < 1 || cases > MOST_CASES) {
      throw new InvalidInputException(
          "--cases: expected 1 to %d, got %d".formatted(MOST_CASES, cases));
    }
    return cases;
  }

  /**
   * The laws that are named, or all.
   *
   * @throws InvalidInputException if there is none of a name
   */
  List<Law> laws() {
    return names.isEmpty()
        ? List.of(Law.values())
        : names.stream().map(CaseOptions::named).distinct().toList();
  }

  private static Law named(String name) {
    return Arrays.stream(Law.values())
        .filter(law -> law.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--law: expected one of %s, got '%s'"
                        .formatted(
                            Arrays.stream(Law.values())
                                .map(Law::label)
                                .collect(Collectors.joining(", ")),
                            name)));
  }
}
