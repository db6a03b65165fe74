package dev.helix.runtime.cli.decode;

import dev.helix.attention.convention.Convention;
import dev.helix.runtime.cli.option.ConventionName;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.dump.writing.ConventionReading;
import dev.helix.runtime.dump.writing.DumpForm;
import dev.helix.runtime.dump.writing.RunDump;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.RunRecord;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The options that write what ranks held as a dump. */
final class DumpOption {
  private static final String NAME = "--dump";
  private static final String CONVENTION = "--convention";
  private static final String STEP = "--dump-step";

  @Option(
      names = NAME,
      paramLabel = "DIR",
      description =
          "Write what each rank held inside of attention in the last step to this directory, a file"
              + " for each rank, as helix verify reads it: in double precision, with LSEs to base"
              + " e. It is made if it is missing, and its files are replaced.")
  private Optional<String> given;

  @Option(
      names = CONVENTION,
      paramLabel = "NAME",
      description =
          "With --dump, let the ranks round, lay out and merge their partial states in this"
              + " convention: "
              + ConventionName.SYSTEMS
              + ". The run leaves"
              + " double precision and is judged by helix verify alone.")
  private Optional<String> named;

  @Option(
      names = STEP,
      paramLabel = "N",
      description =
          "With --dump, write this step, counted from 0, the one that reads the prompts (default:"
              + " the last).")
  private Optional<Integer> step;

  /** Whether the run rounds as a convention, so that its baseline says nothing about it. */
  boolean rounds() {
    return named.isPresent();
  }

  /** The reading of the run, with its fault if it has one. */
  <T extends Tensor> Reading<T> reading(
      Reading<T> healthy, DecodePlan plan, Optional<SwitchedOn> fault) {
    UnaryOperator<Reading<T>> faulty =
        reading -> fault.map(on -> on.<T>reading(reading, plan)).orElse(reading);
    return named.isPresent()
        ? ConventionReading.of(healthy, convention(), faulty)
        : faulty.apply(healthy);
  }

  private Convention convention() {
    return named.map(ConventionName::ofSystem).orElse(DumpForm.DOUBLES.convention());
  }

  /** What the run has to record, where it would otherwise record {@code less}. */
  Recording recording(Recording less) {
    return given.isPresent() ? Recording.ATTENTION : less;
  }

  /**
   * Makes the directory, before the run begins.
   *
   * @throws InvalidInputException if it cannot be made, or the run leaves nothing to be dumped
   */
  void prepare(GivenOptions options, StrategyName strategy, Reading<?> reading) {
    if (given.isEmpty()) {
      options.refuse("without --dump", CONVENTION, STEP);
      return;
    }
    convention();
    step.ifPresent(index -> GivenNumber.requireAtLeast(STEP, index, 0));
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
  void write(DecodePlan plan, RunRecord record, Optional<SwitchedOn> fault, PrintStream out) {
    if (given.isPresent()) {
      OptionalInt index = GivenNumber.whole(step);
      RunDump.write(folder(), plan, record, new DumpForm(convention(), index, fault));
      out.println(
          "dump: %s of %d ranks, in %s%s"
              .formatted(
                  step.map(at -> "step " + at).orElse("the last step"),
                  plan.strategy().ranks(),
                  folder(),
                  named.map(name -> "; convention " + name).orElse("")));
      out.println();
    }
  }

  private Path folder() {
    return Paths.given(NAME, given.orElseThrow());
  }
}
