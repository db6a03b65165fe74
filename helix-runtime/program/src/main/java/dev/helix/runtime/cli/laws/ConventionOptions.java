package dev.helix.runtime.cli.laws;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.ConventionKey;
import dev.helix.runtime.cli.option.ConventionName;
import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say in which convention a program is asked, and held to which bounds. */
final class ConventionOptions {
  /** The option that prints the convention. */
  static final String DESCRIBE = "--describe";

  /** The names of the options that change a convention, that of the named one first. */
  static final String[] NAMES = {
    "--convention", "--format", "--base", "--max-sum", "--heads-first", "--empty", "--no-lse"
  };

  @Option(
      names = "--convention",
      paramLabel = "NAME",
      description =
          "Ask the program in the convention of this system, and hold it to what that promises:"
              + " "
              + ConventionName.SYSTEMS
              + ". What differs follows the name, as in vllm-dcp,empty-output=zero (default: own,"
              + " which promises least).")
  private Optional<String> named;

  @Option(
      names = DESCRIBE,
      description = "Say in words what the convention is, with its source, and run nothing.")
  private boolean describe;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "Give the program numbers of this format: fp64, fp32, bf16 or fp16, the last two with"
              + " LSEs in fp32 (default: that of the convention, or fp64).")
  private Optional<String> format;

  @Option(
      names = "--base",
      paramLabel = "e|2",
      description = "Give it LSEs of this base: e or 2 (default: that of the convention, or e).")
  private Optional<String> base;

  @Option(
      names = "--max-sum",
      description = "Give it (max, sum) pairs in place of LSEs, the max in units of the base.")
  private boolean maxSum;

  @Option(
      names = "--heads-first",
      description =
          "Give it arrays that have heads before tokens, and expect the same of its answers.")
  private boolean headsFirst;

  @Option(
      names = "--empty",
      paramLabel = "LSE",
      description =
          "Mark a shard without tokens by this LSE, or max: -inf, inf, nan or a number of at least"
              + " 1e6 in magnitude; several have a slash between them (default: that of the"
              + " convention, or -inf).")
  private Optional<String> empty;

  @Option(
      names = "--no-lse",
      description = "Check outputs only, as the program returns no merged LSE.")
  private boolean noLse;

  /** Whether the convention is to be printed. */
  boolean describes() {
    return describe;
  }

  /**
   * The convention, as the options changed it.
   *
   * @throws InvalidInputException in one line, naming the option that is not as documented or that
   *     contradicts the convention
   */
  Convention convention() {
    Convention convention = ConventionName.spelled(named.orElse("own"));
    convention = changed(convention, "--format", ConventionKey.FORMAT, format);
    convention = changed(convention, "--empty", ConventionKey.EMPTY, empty);
    convention = changed(convention, "--base", ConventionKey.BASE, base);
    convention =
        changed(convention, "--heads-first", ConventionKey.ORDER, headsFirst, "heads-first");
    convention = changed(convention, "--max-sum", ConventionKey.WEIGHTS, maxSum, "max-sum");
    return changed(convention, "--no-lse", ConventionKey.LSE, noLse, "no");
  }

  private static Convention changed(
      Convention convention, String option, ConventionKey key, boolean given, String value) {
    return given ? changed(convention, option, key, Optional.of(value)) : convention;
  }

  private static Convention changed(
      Convention convention, String option, ConventionKey key, Optional<String> value) {
    try {
      return value.map(text -> key.changed(convention, text)).orElse(convention);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(option + ": " + e.getMessage());
    }
  }
}
