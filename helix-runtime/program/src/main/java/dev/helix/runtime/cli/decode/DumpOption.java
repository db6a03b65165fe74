package dev.helix.runtime.cli.decode;

import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.dump.writing.RunDump;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.RunRecord;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that writes what ranks held as a dump. */
final class DumpOption {
  private static final String NAME = "--dump";

  @Option(
      names = NAME,
      paramLabel = "DIR",
      description =
          "Write what each rank held inside of attention in the last step to this directory, a file"
              + " for each rank, as helix verify reads it: in double precision, with LSEs to base"
              + " e. It is made if it is missing, and its files are replaced.")
  private Optional<String> given;

  /** What the run has to record, where it would otherwise record {@code less}. */
  Recording recording(Recording less) {
    return given.isPresent() ? Recording.ATTENTION : less;
  }

  /**
   * Makes the directory, before the run begins.
   *
   * @throws InvalidInputException if it cannot be made, or the run leaves nothing to be dumped
   */
  void prepare(StrategyName strategy, Reading<?> reading) {
    if (given.isEmpty()) {
      return;
    }
    if (strategy != StrategyName.HELIX) {
      throw new InvalidInputException(NAME + ": expected --strategy helix, got " + strategy);
    }
    if (!(reading instanceof Fp64Reading)) {
      throw new InvalidInputException(NAME + ": expected --reading fp64, got " + reading.name());
    }
    try {
      Files.createDirectories(folder());
    } catch (FileAlreadyExistsException e) {
      throw new InvalidInputException(
          NAME + ": expected a directory, '%s' is a file".formatted(folder()), e);
    } catch (IOException e) {
      throw new InvalidInputException(NAME + ": '%s' cannot be made".formatted(folder()), e);
    }
  }

  /** Writes the dump, if one is asked for, and says so. */
  void write(DecodePlan plan, RunRecord record, PrintStream out) {
    if (given.isPresent()) {
      RunDump.write(folder(), plan, record);
      out.println(
          "dump: the last step of %d ranks, in %s".formatted(plan.strategy().ranks(), folder()));
      out.println();
    }
  }

  private Path folder() {
    return Paths.given(NAME, given.orElseThrow());
  }
}
