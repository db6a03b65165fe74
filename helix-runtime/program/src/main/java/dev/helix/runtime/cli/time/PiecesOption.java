package dev.helix.runtime.cli.time;

import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.PiecedTimes;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --pieces}, which asks for the TTL under HOP-B in equal pieces. */
final class PiecesOption {
  private static final String REQUESTS = "requests";

  @Option(
      names = "--pieces",
      paramLabel = "N",
      converter = Counts.class,
      description =
          "With HOP-B on, also say the TTL in both accountings if attention, exchange and merge are"
              + " split into this many equal pieces: 2, 4, 8, or requests for one of each request;"
              + " the pieces must divide the requests of a group. The tables stay by request.")
  private Optional<String> pieces;

  /** The values of {@code --pieces}. */
  static final class Counts extends OneOf<String> {
    Counts() {
      super(List.of("2", "4", "8", REQUESTS));
    }
  }

  /** The number of pieces as it was given, if it was. */
  Optional<String> given() {
    return pieces;
  }

  /**
   * The times in so many pieces, if they are asked for.
   *
   * @throws InvalidInputException naming the option, if the step cannot be split so
   */
  Optional<PiecedTimes> times(Deployment deployment, Strategy strategy, StepQueries queries) {
    try {
      return pieces.map(
          count ->
              PiecedTimes.of(
                  deployment,
                  strategy,
                  queries,
                  count.equals(REQUESTS)
                      ? PiecedTimes.requestsOfGroup(strategy, queries.batch())
                      : Integer.parseInt(count)));
    } catch (InvalidInputException e) {
      throw new InvalidInputException("--pieces: " + e.getMessage(), e);
    }
  }
}
