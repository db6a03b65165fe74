package dev.helix.tests.dumps;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Protocol;
import dev.helix.attention.faults.merge.MergeFault;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.dump.writing.RunDump;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.faults.ExchangeFaults;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import dev.helix.tensor.mesh.RankFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Round trips of shipped faults: a fault is switched on in the last layer of a run, the run is
 * dumped in a convention, and the dump is judged. Tokens are given, so that a fault changes no
 * other step than the one that it acts in.
 */
final class RoundTrips {
  private static final String RIGHT = "right";
  private static final String FAULTY = "faulty";

  private static final MergeFault RIGHT_MERGE =
      new MergeFault(
          new FaultStory("no fault", "", "", ""),
          DumpedRun.DOUBLES,
          states -> states.merged(RowMerge::correct));

  private final Path folder;
  private final DecodePlan plan;
  private final Map<Run, List<Integer>> right = new HashMap<>();

  /**
   * Prepares the trips of a run.
   *
   * @param folder an empty one, for dumps
   * @param checkpoint stays open as long as these trips are made
   */
  RoundTrips(Path folder, Checkpoint checkpoint, TripKind kind) throws IOException {
    this.folder = folder;
    this.plan = kind.plan(checkpoint);
    Files.createDirectories(folder.resolve(RIGHT));
    Files.createDirectories(folder.resolve(FAULTY));
  }

  /** What became of a fault in a dump. */
  enum Outcome {
    /** It is convicted where it is, and its name is among those that explain everything. */
    NAMED,
    /** It is convicted, and something else is said of it. */
    CONVICTED,
    /** It changes numbers, all of which stay within their bounds. */
    WITHIN_BOUNDS,
    /** The run ends in a NaN, before there is a dump. */
    NO_DUMP,
    /** It changes nothing, or the convention has no place for it. */
    WITHOUT_EFFECT
  }

  /**
   * The outcome of a trip.
   *
   * @param share the largest share of a bound in the stages that are judged
   * @param said what the verdict says, for a reader
   */
  record Trip(Outcome outcome, double share, String said) {}

  /** Decodes with a fault, and judges what is dumped of the first and of the last step. */
  Trip of(Fault fault, Convention convention) throws IOException {
    boolean everywhere = fault.seam() == FaultSeam.EXCHANGE;
    SwitchedOn on = new SwitchedOn(fault, everywhere ? FaultSite.EVERYWHERE : lastLayer());
    Trip best = new Trip(Outcome.WITHOUT_EFFECT, 0, "");
    if (!isExpressible(fault, convention)) {
      return best;
    }
    DumpedRun run;
    try {
      run = DumpedRun.of(plan, convention, Optional.of(on));
    } catch (RankFailure e) {
      return new Trip(Outcome.NO_DUMP, 0, e.getMessage());
    }
    for (int step : List.of(run.steps() - 1, 0)) {
      if (best.outcome == Outcome.NAMED) {
        break;
      }
      run.write(folder.resolve(FAULTY), step);
      boolean merged = fault instanceof MergeFault;
      if (!hashes(folder.resolve(FAULTY)).equals(right(new Run(convention, merged, step)))) {
        Trip trip = judged(fault);
        if (trip.outcome.compareTo(best.outcome) < 0) {
          best = trip;
        }
      }
    }
    return best;
  }

  private FaultSite lastLayer() {
    return new FaultSite(OptionalInt.empty(), OptionalInt.of(plan.model().layers() - 1));
  }

  /** Whether a program of the convention can have the fault, in as many parts as the run has. */
  private boolean isExpressible(Fault fault, Convention convention) {
    boolean exchanges =
        convention.protocol().exchange() != Protocol.Exchange.SCALE_AND_REDUCE
            || fault != ExchangeFaults.ROWS_BEFORE_SHARDS;
    int parts = HelixStrategy.of(plan.strategy()).layout().kvp();
    return exchanges && parts >= convention.contract().leastShards();
  }

  /** The hash of each file of the dump of a right run. */
  private List<Integer> right(Run wanted) throws IOException {
    if (!right.containsKey(wanted)) {
      Optional<SwitchedOn> merge =
          wanted.merged ? Optional.of(new SwitchedOn(RIGHT_MERGE, lastLayer())) : Optional.empty();
      DumpedRun run = DumpedRun.of(plan, wanted.convention, merge);
      for (int at : List.of(0, run.steps() - 1)) {
        run.write(folder.resolve(RIGHT), at);
        right.put(new Run(wanted.convention, wanted.merged, at), hashes(folder.resolve(RIGHT)));
      }
    }
    return right.get(wanted);
  }

  private List<Integer> hashes(Path of) throws IOException {
    List<Integer> hashes = new ArrayList<>();
    for (String file : RunDump.files(plan.strategy().ranks())) {
      hashes.add(Arrays.hashCode(Files.readAllBytes(of.resolve(file))));
    }
    return hashes;
  }

  /** Judges the last layer of all groups. */
  private Trip judged(Fault fault) {
    int layer = plan.model().layers() - 1;
    List<StepVerdict> verdicts =
        DumpedRun.judged(folder.resolve(FAULTY), moment -> moment.layer() == layer);
    boolean wrong = false;
    boolean named = true;
    double share = 0;
    Set<String> said = new TreeSet<>();
    for (StepVerdict verdict : verdicts) {
      for (StageVerdict stage : verdict.stages()) {
        share = Math.max(share, stage.tally().share());
        if (stage.isWrong() && !stage.follows()) {
          wrong = true;
          boolean all = !stage.explanations().isEmpty();
          for (Explanation explanation : stage.explanations()) {
            List<String> names = explanation.best().stream().map(Explanation.Fit::fault).toList();
            said.add(stage.stage() + ": " + (explanation.isWhole() ? "" : "(part) ") + names);
            all &= explanation.isWhole() && FaultNames.fit(fault, names);
          }
          named &= all;
        }
      }
    }
    Outcome outcome = wrong ? named ? Outcome.NAMED : Outcome.CONVICTED : Outcome.WITHIN_BOUNDS;
    return new Trip(outcome, share, String.join("; ", said));
  }

  /**
   * A step of a right run.
   *
   * @param merged whether its merge is that of the faults without their fault. It sums in double
   *     precision, so that a fault of the merge is no effect of summing otherwise
   */
  private record Run(Convention convention, boolean merged, int step) {}
}
