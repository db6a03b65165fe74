package dev.helix.runtime.cli.laws;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.foreign.ProgramRun;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.Stack;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that name the program to be tested ({@code --exec}) and its convention. */
final class ProgramOptions {
  /** The names of the options whose values a kept case also declares. */
  static final String[] OF_CASES = {
    "--simplify",
    "--format",
    "--base",
    "--heads-first",
    "--empty",
    "--no-lse",
    "--max-sum",
    "--heads",
    "--dim"
  };

  /** The names of the options that have no effect without {@code --exec}. */
  static final String[] NAMES =
      Stream.concat(Stream.of("--timeout"), Arrays.stream(OF_CASES)).toArray(String[]::new);

  private static final int LARGEST = 4096;

  @Option(
      names = "--exec",
      paramLabel = "CMD",
      description =
          "Test this program by the laws of the merge: the shell runs CMD CASES ANSWERS, where"
              + " CASES and ANSWERS are the names of two safetensors files.")
  private Optional<String> command;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "Give each start of the program this many seconds, at least 1 (default:"
              + " ${DEFAULT-VALUE}).")
  private long timeout;

  @Option(
      names = "--simplify",
      paramLabel = "STARTS",
      defaultValue = "16",
      description =
          "Spend at most this many starts of the program, at least 0, on simpler cases that break a"
              + " law in the same way (default: ${DEFAULT-VALUE}).")
  private int simplify;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "fp64",
      description =
          "Give the program numbers of this format: fp64, fp32, bf16 or fp16, the last two with"
              + " LSEs in fp32 (default: ${DEFAULT-VALUE}).")
  private String format;

  @Option(
      names = "--base",
      paramLabel = "e|2",
      defaultValue = "e",
      description = "Give it LSEs of this base: e or 2 (default: ${DEFAULT-VALUE}).")
  private String base;

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
      defaultValue = "-inf",
      description =
          "Mark a shard without tokens by this LSE, or max: -inf, inf or a number of at least 1e6"
              + " in magnitude (default: ${DEFAULT-VALUE}).")
  private String empty;

  @Option(
      names = "--no-lse",
      description = "Check outputs only, as the program returns no merged LSE.")
  private boolean noLse;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description =
          "Give it cases with this number of heads only, from 1 to 4096 (default: several"
              + " numbers).")
  private Optional<Integer> heads;

  @Option(
      names = "--dim",
      paramLabel = "N",
      description =
          "Give it values with this number of components only, from 1 to 4096 (default: several"
              + " numbers).")
  private Optional<Integer> dim;

  boolean isGiven() {
    return command.isPresent();
  }

  /**
   * The program with its convention.
   *
   * @throws InvalidInputException if an option is not as documented
   */
  ForeignProgram<MergeCase, Stack, Answer> program() {
    return program(declaration(), simplify);
  }

  /**
   * The program with its declared convention.
   *
   * @param starts number of starts to be spent on simpler cases
   * @throws InvalidInputException if an option is not as documented
   */
  ForeignProgram<MergeCase, Stack, Answer> program(Declaration declared, int starts) {
    if (command.orElseThrow().isBlank()) {
      throw new InvalidInputException("--exec: expected a command, got nothing");
    }
    if (timeout < 1) {
      throw new InvalidInputException("--timeout: expected at least 1 second, got " + timeout);
    }
    if (starts < 0) {
      throw new InvalidInputException("--simplify: expected 0 or more starts, got " + starts);
    }
    return new ForeignProgram<>(
        new ProgramRun(command.orElseThrow(), ProgramRun.Way.EACH_FILE, timeout, starts),
        new CaseFiles(declared));
  }

  Declaration declaration() {
    Precision precision =
        Arrays.stream(Precision.values())
            .filter(p -> p.name().equalsIgnoreCase(format))
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "--format: expected fp64, fp32, bf16 or fp16, got '" + format + "'"));
    Convention convention = Convention.of(precision).emptyAs(emptyLse());
    switch (base) {
      case "e" -> {}
      case "2" -> convention = convention.base2();
      default -> throw new InvalidInputException("--base: expected e or 2, got '" + base + "'");
    }
    convention = headsFirst ? convention.headsFirst() : convention;
    convention = maxSum ? convention.maxSum() : convention;
    Declaration declaration = Declaration.of(convention);
    declaration = noLse ? declaration.withoutLse() : declaration;
    return declaration.sized(size("--heads", heads), size("--dim", dim));
  }

  private static OptionalInt size(String option, Optional<Integer> given) {
    given
        .filter(size -> size < 1 || size > LARGEST)
        .ifPresent(
            size -> {
              throw new InvalidInputException(
                  "%s: expected 1 to %d, got %d".formatted(option, LARGEST, size));
            });
    return given.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private double emptyLse() {
    return switch (empty) {
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "inf" -> Double.POSITIVE_INFINITY;
      default -> finite(empty);
    };
  }

  private static double finite(String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The error is thrown below, as for NaN.
    }
    throw new InvalidInputException("--empty: expected -inf, inf or a number, got '" + text + "'");
  }
}
