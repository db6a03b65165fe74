package dev.helix.runtime.cli.time;

import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.timing.report.Drafts;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how many drafts a step verifies, and how many of them are accepted. */
final class DraftOptions {
  @Option(
      names = "--drafts",
      paramLabel = "D",
      defaultValue = "0",
      description =
          "Let a step verify this many drafts of each request, from 0 to 63 (speculative decoding):"
              + " 1 + D rows over one cache. What proposes them takes no time here (default:"
              + " ${DEFAULT-VALUE}).")
  private int drafts;

  @Option(
      names = "--acceptance",
      paramLabel = "RATE",
      description =
          "Accept a draft with this chance, from 0 to 1, if all drafts before it are accepted, and"
              + " say the time of a token. Without it times are those of a step.")
  private Optional<Double> acceptance;

  void refuseWithoutEffect(GivenOptions given) {
    if (drafts == 0) {
      given.refuse("without --drafts", "--acceptance");
    }
  }

  /**
   * The drafts of a step.
   *
   * @throws InvalidInputException if a number is out of range
   */
  Drafts drafts() {
    GivenNumber.requireWithin("--drafts", drafts, 0, StepQueries.MAX_DRAFTS);
    acceptance
        .filter(rate -> !(rate >= 0 && rate <= 1))
        .ifPresent(
            rate -> {
              throw new InvalidInputException("--acceptance: expected 0 to 1, got " + rate);
            });
    return new Drafts(drafts, acceptance);
  }
}
