package dev.helix.runtime.cli.laws;

import dev.helix.laws.Causes;
import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.kept.KeptFile;
import dev.helix.laws.kept.KeptMerge;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.Subject;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.Paths;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --replay}, which names a kept case that is to be run again. */
final class ReplayOption {
  static final String NAME = "--replay";

  /** The name under which a program under test is reported, and its cases are kept. */
  static final String PROGRAM = "program";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Run one kept case again: against the implementation that broke the law, against that of"
              + " --implementation, or against the program of --exec, with the convention that the"
              + " file declares.")
  private Optional<String> place;

  boolean isGiven() {
    return place.isPresent();
  }

  /**
   * The kept case.
   *
   * @throws InvalidInputException if the file is damaged, or of another version
   */
  KeptFile file() {
    return KeptFile.read(path());
  }

  private Path path() {
    return Paths.given(NAME, place.orElseThrow());
  }

  /**
   * Refuses options that a file of a merge declares itself; a case of another seam is drawn again,
   * with what the options declare.
   */
  void refuse(GivenOptions given) {
    given.refuse("with --replay", "--simplify");
    if (file().merge().isPresent()) {
      given.refuse("with --replay", ProgramOptions.OF_CASES);
    }
  }

  /**
   * Runs the case against a program.
   *
   * @throws InvalidInputException if no program can be put in the place of its seam, or if it draws
   *     another case
   */
  LawFindings run(KeptFile file, ProgramOptions exec) {
    Law law = file.kept().law();
    if (file.merge().isPresent()) {
      KeptMerge merge = file.merge().orElseThrow();
      return exec.again(merge.declared()).run(List.of(law), List.of(merge.given()), settled -> {});
    }
    return once(file, law, exec.program(law.seam()));
  }

  private <C> LawFindings once(KeptFile file, Law law, ForeignProgram<C, ?, ?> program) {
    C given = file.kept().again(program.laws(), NAME + ": " + path());
    return program.once(law, given);
  }

  /**
   * Runs the case against one of this project's own implementations.
   *
   * @throws InvalidInputException if the law is not about the implementation, or draws another case
   */
  LawFindings run(KeptFile file, UnderTest subject) {
    Law law = file.kept().law();
    if (subject.seam() != law.seam()) {
      throw new InvalidInputException(
          "--implementation: expected one that the law %s is about, of the seam %s, got one of %s"
              .formatted(law, law.seam(), subject.seam()));
    }
    LawOutcome outcome =
        file.merge().isPresent() && subject instanceof MergeUnderTest merge
            ? LawSuite.once(
                law, new MergeTrials(Subject.of(merge)), file.merge().orElseThrow().given())
            : once(file, law, subject.laws());
    return new LawFindings(
        List.of(outcome),
        outcome
            .broken()
            .map(LawViolation::inquiries)
            .map(asked -> Causes.of(Map.of(law, asked)))
            .orElse(List.of()));
  }

  private <C> LawOutcome once(KeptFile file, Law law, SeamTrials<C> laws) {
    return LawSuite.once(law, laws, file.kept().again(laws, NAME + ": " + path()));
  }

  /** How the verdict compares with the one that was kept. */
  static String compared(KeptFile file, LawOutcome outcome) {
    if (!outcome.checked()) {
      return "the law could not be checked on the kept case";
    }
    Optional<String> violation = outcome.broken().map(LawViolation::withoutDiagnosis);
    if (violation.isEmpty()) {
      return "the law holds on the kept case, which broke it before";
    }
    return violation.get().equals(file.kept().violation())
        ? "the verdict is the one that was kept"
        : "the law is broken, as before, but in other words: " + file.kept().violation();
  }
}
