package dev.helix.runtime.cli.laws;

import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawViolation;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.kept.KeptCase;
import dev.helix.laws.kept.KeptFile;
import dev.helix.laws.kept.KeptMerge;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.runtime.cli.option.Paths;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Option;

/** The option {@code --keep}, which names a directory that receives the cases that break laws. */
final class KeepOption {
  static final String NAME = "--keep";

  @Option(
      names = NAME,
      paramLabel = "DIR",
      description =
          "Keep each case that breaks a law as a file in this directory, which is made if it is"
              + " missing. The file of a merge has the questions and the answers too. --replay"
              + " runs a file again.")
  private Optional<String> place;

  /**
   * Checks before the work starts that the directory, if one was given, can receive files.
   *
   * @throws InvalidInputException if no file can be made there
   */
  void tryDirectory() {
    if (place.isEmpty()) {
      return;
    }
    Path directory = directory();
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new InvalidInputException(
          "%s: %s: expected a directory, found a file".formatted(NAME, directory));
    }
    Path tried = directory.resolve("." + UUID.randomUUID() + ".part");
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(directory);
      }
      Files.createFile(tried);
      Files.delete(tried);
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: %s: expected a directory that takes files, or a place to make one"
              .formatted(NAME, directory),
          e);
    }
  }

  private Path directory() {
    return Paths.given(NAME, place.orElseThrow());
  }

  /**
   * Keeps the cases of broken laws, if that was asked for.
   *
   * @param subject the implementation whose laws draw the cases
   * @return number of cases that were kept
   */
  int keep(
      String implementation, UnderTest subject, Iterable<LawOutcome> broken, CaseOptions asked) {
    int kept = 0;
    for (LawOutcome outcome : broken) {
      LawViolation violation = outcome.broken().orElseThrow();
      if (place.isPresent() && violation.origin().isPresent()) {
        KeptCase.Drawn drawn =
            new KeptCase.Drawn(asked.seed(), asked.cases(), violation.origin().orElseThrow());
        keep(implementation, subject, subject.laws(), outcome, drawn);
        kept++;
      }
    }
    return kept;
  }

  private <C> void keep(
      String implementation,
      UnderTest subject,
      SeamTrials<C> laws,
      LawOutcome broken,
      KeptCase.Drawn drawn) {
    LawViolation violation = broken.broken().orElseThrow();
    C given = drawn.from(laws);
    KeptCase kept =
        new KeptCase(
            implementation, broken.law(), drawn, laws.inFull(given), violation.withoutDiagnosis());
    String name = "%s.%s.safetensors".formatted(implementation.replace(' ', '-'), broken.law());
    Path file = directory().resolve(name);
    if (subject instanceof MergeUnderTest merge && given instanceof MergeCase ofMerge) {
      KeptMerge ofFile = new KeptMerge(merge.declaration(), ofMerge);
      KeptFile.write(kept, ofFile, violation.inquiries(), file);
    } else {
      KeptFile.write(kept, file);
    }
  }

  /** A sentence about the files that were written. */
  String sentence(int kept) {
    return "kept %d %s in %s".formatted(kept, kept == 1 ? "case" : "cases", directory());
  }
}
