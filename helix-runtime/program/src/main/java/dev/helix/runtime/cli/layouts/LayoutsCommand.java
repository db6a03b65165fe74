package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.FormatOptions;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.HopBOption;
import dev.helix.runtime.cli.option.Readings;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.cli.option.VerboseOption;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.cli.prompt.ModelTitle;
import dev.helix.runtime.cli.prompt.Prompts;
import dev.helix.runtime.cli.prompt.RequestOptions;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.report.LayoutsReport;
import dev.helix.runtime.verify.DefinitionCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code helix layouts}, which decodes the same requests on every legal layout and
 * compares the digests.
 */
@Command(
    name = "layouts",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Decodes the same prompts on every legal layout of up to "
          + LegalPlans.MAX_RANKS
          + " ranks, under every placement, and compares the digests of the logits. With"
          + " --strategies it runs other strategies too.",
      "The exit status is 0 if all runs have one digest, which is that of the definition, 1 if"
          + " they have not, 2 if something that was given is wrong, and 3 if a run failed."
    })
public final class LayoutsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private RequestOptions asked;

  @Option(
      names = "--strategies",
      paramLabel = "all|NAME",
      split = ",",
      defaultValue = "helix",
      description =
          "Run the layouts of these strategies, separated by commas: helix, tp, tp-pp, dp-ep,"
              + " medha, or all of them (default: ${DEFAULT-VALUE}).")
  private List<String> strategies;

  @Mixin private HopBOption hopB;

  @Mixin private FormatOptions formats;

  @Option(
      names = "--reading",
      paramLabel = "NAME",
      defaultValue = ExactReading.NAME,
      description =
          "Compute in this reading: exact, fp64, counting or oracle. Under another reading than"
              + " exact the digests may differ, and are only printed (default: ${DEFAULT-VALUE}).")
  private String reading;

  @Option(
      names = "--no-verify",
      description = "Do not compare the logits of the first run with their definition.")
  private boolean noVerify;

  @Option(
      names = "--shares",
      description =
          "Decode each layout in fp64 as well and hold every part of every layer against the"
              + " unsharded baseline: say the largest share of a bound, and the bytes that the rank"
              + " which sends most has sent, as numbers of eight bytes.")
  private boolean shares;

  @Mixin private JsonOption json;

  @SuppressWarnings("UnusedVariable") // Reading the option has its effect.
  @Mixin
  private VerboseOption verbose;

  /** Creates the command, which prints to the console. */
  public LayoutsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    GivenOptions given = new GivenOptions(spec);
    Readings.named(reading);
    List<StrategyName> named = StrategyName.named("--strategies", strategies);
    boolean exact = reading.equals(ExactReading.NAME);
    if (!exact) {
      given.refuse("with another --reading than exact", "--no-verify", "--shares");
    }
    Report report = json.report(console);
    try (Checkpoint checkpoint = formats.of(asked.checkpoint(given));
        Prompts prompts = asked.prompts(checkpoint, given, console)) {
      List<DecodePlan> plans =
          LegalPlans.of(checkpoint, asked.requests(prompts), named, hopB.isOn(), formats.cache());
      ModelConfig config = checkpoint.config();
      report
          .console()
          .out()
          .println(ModelTitle.of(asked.model(), config, reading, formats.title()));
      LayoutsReport.Question question =
          new LayoutsReport.Question(
              asked.model(),
              config.latent().map(latent -> config.latentNormEpsilon()),
              prompts.tokens(),
              asked.maxNew(),
              named.stream().map(StrategyName::toString).toList(),
              reading,
              formats.cache().toString(),
              formats.weights().toString(),
              hopB.isOn(),
              !noVerify,
              shares);
      List<LayoutsReport.Run> runs = new ArrayList<>();
      Optional<DecodeResult> first = Optional.empty();
      LayoutRows rows =
          new LayoutRows(
              report.console().out(), !named.equals(List.of(StrategyName.HELIX)), shares);
      try (Progress progress = new Progress("decoding", plans.size() * steps(plans.get(0)))) {
        for (DecodePlan plan : plans) {
          DecodeResult result =
              new DecodeRun(new ThreadRanks())
                  .decode(plan, Readings.named(reading), new NewTokens(plan, progress));
          first = first.or(() -> Optional.of(result));
          LayoutsReport.Run run =
              LayoutsReport.Run.of(
                  plan, result, shares ? Optional.of(PartsOfLayout.of(plan)) : Optional.empty());
          runs.add(run);
          progress.print(() -> rows.print(plan, run));
        }
      }
      if (shares) {
        rows.printTotals(runs);
      }
      Optional<String> difference =
          first
              .filter(result -> exact && !noVerify)
              .flatMap(
                  result -> DefinitionCheck.firstDifference(checkpoint, formats.cache(), result));
      LayoutsReport found = LayoutsReport.of(question, runs, difference);
      report.write(() -> found);
      return say(found, report.console());
    }
  }

  /** Number of new tokens that one run is asked for. */
  private static long steps(DecodePlan plan) {
    return plan.requests().stream().mapToLong(request -> request.maxNew()).sum();
  }

  /** Prints the last line, and gives the exit status. */
  private int say(LayoutsReport found, Console words) {
    int runs = found.runs().size();
    if (found.passed().isEmpty()) {
      words
          .out()
          .printf(
              "done: %d runs, %d different digests; not a verdict: the bits of the reading %s may"
                  + " depend on the layout, those of --reading exact do not%n",
              runs, found.digests(), reading);
      return ExitStatus.DONE;
    }
    found.difference().ifPresent(where -> words.complain("not as defined: " + where));
    if (!found.passed().get()) {
      words
          .out()
          .printf(
              "NOT VERIFIED: %d runs gave %d different digests%s%s%n",
              runs,
              found.digests(),
              found.difference().isPresent() ? ", and the logits differ from their definition" : "",
              found.brokenParts() > 0
                  ? ", and parts of %d are beyond their bounds".formatted(found.brokenParts())
                  : "");
      return ExitStatus.NOT_VERIFIED;
    }
    words
        .out()
        .printf(
            "verified: %d runs, one digest%s%s%n",
            runs,
            noVerify ? "; not compared with the definition" : ", and every bit as defined",
            shares ? "; all parts in fp64 within their bounds" : "");
    return ExitStatus.DONE;
  }
}
