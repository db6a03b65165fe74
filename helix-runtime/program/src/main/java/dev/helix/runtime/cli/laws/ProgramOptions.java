package dev.helix.runtime.cli.laws;

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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the program to be tested ({@code --exec}) and its convention. */
final class ProgramOptions {
  /** The names of the options whose values a kept case also declares. */
  static final String[] OF_CASES =
      Stream.concat(
              Stream.of("--simplify", "--heads", "--dim"), Arrays.stream(ConventionOptions.NAMES))
          .toArray(String[]::new);

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

  @Mixin private ConventionOptions convention;

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

  /** Whether the convention is to be printed, and nothing to be run. */
  boolean describes() {
    return convention.describes();
  }

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
    return Declaration.of(convention.convention())
        .sized(size("--heads", heads), size("--dim", dim));
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
}
