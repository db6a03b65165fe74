package dev.helix.tests.dumps;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.dump.writing.ConventionReading;
import dev.helix.runtime.dump.writing.DumpForm;
import dev.helix.runtime.dump.writing.RunDump;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A run whose ranks hold their partial states in a convention, and its dumps. */
record DumpedRun(
    DecodePlan plan, RunRecord record, Convention convention, Optional<SwitchedOn> fault) {
  /** Double precision, which is the convention of a dump that names none. */
  static final Convention DOUBLES = Convention.of(Precision.FP64);

  /** Decodes. */
  static DumpedRun of(DecodePlan plan, Convention convention, Optional<SwitchedOn> fault) {
    return new DumpedRun(
        plan, decoded(new Fp64Reading(), plan, convention, fault), convention, fault);
  }

  private static <T extends Tensor> RunRecord decoded(
      Reading<T> healthy, DecodePlan plan, Convention convention, Optional<SwitchedOn> fault) {
    UnaryOperator<Reading<T>> faulty =
        reading -> fault.map(on -> on.<T>reading(reading, plan)).orElse(reading);
    Reading<T> reading =
        convention.equals(DOUBLES)
            ? faulty.apply(healthy)
            : ConventionReading.of(healthy, convention, faulty);
    return new DecodeRun(new ThreadRanks())
        .decode(fault.map(on -> on.plan(plan)).orElse(plan), reading, new DecodeListener() {})
        .record();
  }

  int steps() {
    return record.steps().size();
  }

  /** Writes the dump of a step. */
  void write(Path folder, int step) {
    DumpForm form = DumpForm.DOUBLES.in(convention).at(step);
    RunDump.write(folder, plan, record, fault.map(form::with).orElse(form));
  }

  /**
   * Judges a dump, in which everything that {@code verify} has to know is stated.
   *
   * @param layers the layers that are judged
   * @return the verdicts of all groups, layer by layer
   */
  static List<StepVerdict> judged(Path folder, Predicate<Moment> layers) {
    List<StepVerdict> verdicts = new ArrayList<>();
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      DumpedSteps steps = new DumpedSteps(dump, GivenFacts.NONE);
      for (Moment moment : steps.moments()) {
        for (int first : layers.test(moment) ? steps.groups() : List.<Integer>of()) {
          DumpedStep step = steps.step(moment, first);
          verdicts.add(
              StepVerdict.of(step.step(), EnumSet.allOf(Stage.class), step.unknown(), read -> {}));
        }
      }
    }
    return verdicts;
  }
}
