package dev.helix.runtime.cli.sweep;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.StepCounts;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Frontiers;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.Sweep;
import dev.helix.runtime.sweep.report.FrontiersReport;
import dev.helix.runtime.sweep.report.PointsCsv;
import dev.helix.runtime.sweep.report.SweepCharts;
import dev.helix.runtime.sweep.report.SweepQuestion;
import dev.helix.runtime.sweep.report.SweepTable;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code helix sweep}, which times every configuration of every strategy. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times every legal configuration of every strategy, and draws the frontiers of tokens/s/GPU"
          + " against tokens/s/user.",
      "The exit status is 0 if the sweep is done, 2 if something that was given is wrong, and 3 if"
          + " the command failed."
    })
public final class SweepCommand implements Callable<Integer> {
  private static final List<String> FILES =
      List.of("points.csv", "frontiers.json", "pareto.svg", "roofline.svg");

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private ServingOptions serving;

  @Option(
      names = "--strategies",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "all",
      description =
          "Try these strategies: all, or some of tp, tp-pp, dp-ep, helix, medha and dp-helix"
              + " (default: ${DEFAULT-VALUE}).")
  private List<String> strategies;

  @Option(
      names = "--batches",
      paramLabel = "LIST",
      split = ",",
      description =
          "Try these numbers of requests, from 1 to 65536 (default: every one to 128, and every"
              + " second one to 512).")
  private List<Integer> batches = List.of();

  @Option(
      names = "--ttl-max",
      paramLabel = "MS",
      description = "Leave out what has a longer token-to-token latency than this, in ms.")
  private Optional<Double> ttlMax;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write points.csv, frontiers.json, pareto.svg and roofline.svg to this folder, which has"
              + " to be given, and is made if its parent exists. Files of an earlier sweep in it"
              + " are replaced.")
  private Optional<String> out;

  /** Creates the command, which prints to the console. */
  public SweepCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return StepCounts.counted("--context, --batches", this::draw);
  }

  private int draw() {
    GivenOptions given = new GivenOptions(spec);
    Deployment deployment = serving.deployment(given);
    List<StrategyKind> kinds = StrategyKind.named("--strategies", strategies);
    SearchSpace space =
        new SearchSpace(
            serving.gpus(),
            kinds,
            ServingOptions.batches(batches, SearchSpace.ALL_BATCHES),
            SearchSpace.Pieces.ALL);
    requireTime(ttlMax);
    OutputFolder folder = OutputFolder.given(folder(), FILES);
    Sweep all = sweep(deployment, space);
    Sweep sweep = ttlMax.map(most -> all.within(1000 * most)).orElse(all);
    requirePoints(all, sweep, ttlMax);
    SweepQuestion question = serving.question(deployment, space, given);
    Frontiers frontiers = Frontiers.of(sweep, kinds);
    console.out().println(question.title());
    console.out().print(SweepTable.of(sweep, deployment, frontiers));
    folder.file("points.csv").writeText(PointsCsv.of(sweep));
    folder.file("frontiers.json").write(FrontiersReport.of(question, sweep, frontiers));
    folder.file("pareto.svg").writeText(SweepCharts.pareto(question, frontiers).svg());
    folder.file("roofline.svg").writeText(SweepCharts.roofline(question, deployment).svg());
    return ExitStatus.DONE;
  }

  /** The option is no required one of the parser's, which would hide what is wrong with others. */
  private String folder() {
    return out.orElseThrow(() -> new InvalidInputException("--out: expected DIR, got nothing"));
  }

  /** Runs a sweep behind a progress bar. */
  static Sweep sweep(Deployment deployment, SearchSpace space) {
    List<Plan> plans = space.plans(deployment.model());
    try (Progress bar = new Progress("sweep", plans.size())) {
      return Sweep.varied(
              deployment, space, plans, List.of(Adjustment.NONE), (done, of) -> bar.step(1))
          .get(0);
    }
  }

  static void requireTime(Optional<Double> millis) {
    millis.ifPresent(
        most -> GivenNumber.requirePositive("--ttl-max", most, "a positive number of ms"));
  }

  private static void requirePoints(Sweep all, Sweep within, Optional<Double> millis) {
    if (all.points().isEmpty() && all.uncounted() > 0) {
      throw new InvalidInputException(
          "--context, --batches: expected fewer tokens; the FLOPs, elements or bytes of a step are more than can be counted for %d of %d configurations, and no other one fits into memory"
              .formatted(all.uncounted(), all.considered()));
    }
    if (all.points().isEmpty()) {
      throw new InvalidInputException(
          "--model, --context, --gpus, --batches: none of %d configurations fits into memory"
              .formatted(all.considered()));
    }
    if (within.points().isEmpty()) {
      throw new InvalidInputException(
          "--ttl-max: nothing is as fast as %s ms; the nearest is %.3f ms: %s"
              .formatted(
                  millis.orElseThrow(),
                  all.frontier().fastest().ttlMicros() / 1000,
                  all.frontier().fastest().configuration()));
    }
  }
}
