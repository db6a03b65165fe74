package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.attention.files.AttentionFiles;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.foreign.ProgramRun;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.laws.placement.files.PlacementFiles;
import dev.helix.laws.routing.files.RoutingFiles;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
      Stream.concat(Stream.of("--timeout", "--serve", FeatureOption.NAME), Arrays.stream(OF_CASES))
          .toArray(String[]::new);

  /** The seams in whose place a program can be put. */
  static final Set<Seam> SEAMS =
      Collections.unmodifiableSet(
          EnumSet.of(Seam.MERGE, Seam.ATTENTION, Seam.PLACEMENT, Seam.ROUTING));

  /** The names of the options that only a merge or a partial attention has. */
  static final String[] OF_STATES = {"--convention", "--base", "--heads-first", "--empty"};

  /** The names of the options that only a merge has. */
  static final String[] OF_MERGES = {"--no-lse", "--max-sum", "--heads", "--dim"};

  /** The command that stands for the process that has started this one. */
  private static final String PARENT = "-";

  private static final int LARGEST = 4096;

  @Option(
      names = "--exec",
      paramLabel = "CMD",
      description =
          "Test this program by the laws of one seam: merge, or with --seam attention, placement"
              + " or routing. The shell runs CMD CASES ANSWERS, where CASES and ANSWERS are the"
              + " names of two safetensors files. With - the program is the process that has"
              + " started this command; it is asked as by --serve, on standard output.")
  private Optional<String> command;

  @Option(
      names = "--serve",
      description =
          "Start the program once, without arguments. For each pair of files it is given a line on"
              + " standard input, CASES, a tab and ANSWERS, and prints the line done when the"
              + " answers are written.")
  private boolean serve;

  @Mixin private FeatureOption features;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "Give each start of the program, or with --serve each file, this many seconds, at least 1"
              + " (default:"
              + " ${DEFAULT-VALUE}).")
  private long timeout;

  @Option(
      names = "--simplify",
      paramLabel = "STARTS",
      defaultValue = "16",
      description =
          "Spend at most this many starts of the program, or files, at least 0, on simpler cases"
              + " that break a law in the same way (default: ${DEFAULT-VALUE}).")
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

  /** Whether standard output belongs to the program under test. */
  boolean isParent() {
    return command.filter(PARENT::equals).isPresent();
  }

  /**
   * The program in the place of a seam, with what the options declare of it.
   *
   * @throws InvalidInputException if an option is not as documented, or the seam is one that takes
   *     no program
   */
  ForeignProgram<?, ?, ?> program(Seam seam) {
    ProgramRun run = run(simplify);
    return switch (seam) {
      case MERGE -> new ForeignProgram<>(run, new CaseFiles(declaration()));
      case ATTENTION ->
          new ForeignProgram<>(
              run, new AttentionFiles(convention.convention(), features.ofAttention()));
      case PLACEMENT -> new ForeignProgram<>(run, new PlacementFiles(features.ofPlacement()));
      case ROUTING ->
          new ForeignProgram<>(
              run,
              new RoutingFiles(features.ofRouting(convention.convention().precision().output())));
      case CACHE, HEAD, DECODE, STRATEGY ->
          throw new InvalidInputException("--seam: no program can be put in the place of " + seam);
    };
  }

  /** Why a law of the program's seam is not tried; empty if it is. */
  Optional<String> whyNotTried(Law law, ForeignProgram<?, ?, ?> program) {
    if (law.seam() == Seam.MERGE) {
      return declaration().whyNotTried(law);
    }
    if (program.laws().applies(law)) {
      return Optional.empty();
    }
    return switch (law) {
      case ATTENTION_NEEDLE -> Optional.of("the feature million-tokens is not declared");
      case PLACEMENT_STEPS -> Optional.of("a program is asked for each request by itself");
      default -> Optional.of("what was declared leaves it nothing to ask");
    };
  }

  /** An implementation whose laws draw the cases of a program, and which is not called. */
  UnderTest drawing(Seam seam, ForeignProgram<?, ?, ?> program) {
    return seam == Seam.MERGE
        ? MergeUnderTest.of(
            declaration(),
            stack -> {
              throw new IllegalStateException("asked, but here to draw cases");
            })
        : new UnderTest() {
          @Override
          public Seam seam() {
            return seam;
          }

          @Override
          public SeamTrials<?> laws() {
            return program.laws();
          }
        };
  }

  /**
   * Refuses options that say nothing of a program at a seam.
   *
   * @throws InvalidInputException naming the first of them that was given
   */
  void refuse(GivenOptions given, Seam seam) {
    String circumstance = "with --seam " + seam.label();
    if (seam != Seam.MERGE) {
      given.refuse(circumstance, OF_MERGES);
    } else {
      given.refuse(circumstance, FeatureOption.NAME);
    }
    if (seam == Seam.PLACEMENT || seam == Seam.ROUTING) {
      given.refuse(circumstance, OF_STATES);
    }
    if (seam == Seam.PLACEMENT) {
      given.refuse(circumstance, "--format");
    }
  }

  /**
   * A merge with its declared convention, which is tried once.
   *
   * @throws InvalidInputException if an option is not as documented
   */
  ForeignProgram<MergeCase, ?, ?> again(Declaration declared) {
    return new ForeignProgram<>(run(0), new CaseFiles(declared));
  }

  private ProgramRun run(int rounds) {
    if (command.orElseThrow().isBlank()) {
      throw new InvalidInputException("--exec: expected a command, got nothing");
    }
    if (timeout < 1) {
      throw new InvalidInputException("--timeout: expected at least 1 second, got " + timeout);
    }
    if (rounds < 0) {
      throw new InvalidInputException("--simplify: expected 0 or more starts, got " + rounds);
    }
    ProgramRun.Way way =
        isParent()
            ? ProgramRun.Way.PARENT
            : serve ? ProgramRun.Way.SERVING : ProgramRun.Way.EACH_FILE;
    return new ProgramRun(command.orElseThrow(), way, timeout, rounds);
  }

  /** What the options declare of a merge. */
  Declaration declaration() {
    return Declaration.of(convention.convention())
        .sized(size("--heads", heads), size("--dim", dim));
  }

  private static OptionalInt size(String option, Optional<Integer> given) {
    given.ifPresent(size -> GivenNumber.requireWithin(option, size, 1, LARGEST));
    return GivenNumber.whole(given);
  }
}
