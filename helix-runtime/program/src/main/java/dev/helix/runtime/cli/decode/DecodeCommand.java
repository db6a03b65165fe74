package dev.helix.runtime.cli.decode;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.DefaultLayout;
import dev.helix.runtime.cli.option.FormatOptions;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.HopBOption;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.cli.option.Readings;
import dev.helix.runtime.cli.option.StrategyOptions;
import dev.helix.runtime.cli.option.VerboseOption;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.cli.prompt.ModelTitle;
import dev.helix.runtime.cli.prompt.Prompts;
import dev.helix.runtime.cli.prompt.RequestOptions;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.CostedVerification;
import dev.helix.runtime.report.CountsTable;
import dev.helix.runtime.report.LayoutFields;
import dev.helix.runtime.report.RunReport;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.report.DeployedStep;
import dev.helix.runtime.verify.FormatEffect;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.tensor.InvalidInputException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code helix decode}, the main command: from prompts to a verdict. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Decodes prompts on simulated ranks under Helix Parallelism, or under one of its rivals, and"
          + " checks every layer against an unsharded baseline.",
      "The exit status is 0 if the run is verified (with --no-verify: if it is done), 1 if it is"
          + " not verified, 2 if something that was given is wrong, and 3 if the run failed."
    },
    footer =
        "The default layout is KVP 4 x TPA 2, with latent attention KVP 8 x TPA 1; in the FFN all"
            + " ranks are TPF. Under tp it is TPA 8, under tp-pp TPA 2; under dp-ep a group is one"
            + " rank, and under medha the fixed group is as wide as TPA.")
public final class DecodeCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private RequestOptions asked;

  @Mixin private final StrategyOptions strategy = new StrategyOptions(DefaultLayout.SIMULATED);

  @Option(
      names = "--placement",
      paramLabel = "RULE",
      defaultValue = "round-robin",
      converter = PlacementKinds.class,
      description =
          "Give tokens to shards by this rule: round-robin, in runs that take turns, or contiguous,"
              + " one stretch for each shard (default: ${DEFAULT-VALUE}).")
  private PlacementRule.Kind placement;

  @Option(
      names = "--run-length",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Give this many tokens in a row to one shard under round-robin, at least 1 (default:"
              + " ${DEFAULT-VALUE}).")
  private int runLength;

  @Mixin private HopBOption hopB;

  @Mixin private FormatOptions formats;

  @Option(
      names = "--reading",
      paramLabel = "NAME",
      defaultValue = "fp64",
      description =
          "Compute in this reading: fp64, in double precision; exact, with the same bits for every"
              + " layout; counting, which counts every operation and is slow; or oracle, with 50"
              + " digits, which is very slow (default: ${DEFAULT-VALUE}).")
  private String reading;

  @Option(
      names = "--oracle",
      description = "Compare every part with numbers of 50 digits as well, which is very slow.")
  private boolean againstOracle;

  @Option(
      names = "--no-verify",
      description = "Do not compare the run with the unsharded baseline.")
  private boolean noVerify;

  @Mixin private FaultOptions faults;

  @Mixin private DumpOption dump;

  @Mixin private DeployedOptions deployed;

  @Mixin private JsonOption json;

  @SuppressWarnings("UnusedVariable") // Reading the option has its effect.
  @Mixin
  private VerboseOption verbose;

  /** Creates the command, which prints to the console. */
  public DecodeCommand(Console console) {
    this.console = console;
  }

  /** The values of {@code --placement}. */
  static final class PlacementKinds extends OneOf<PlacementRule.Kind> {
    PlacementKinds() {
      super(List.of(PlacementRule.Kind.values()));
    }
  }

  @Override
  public Integer call() {
    GivenOptions given = new GivenOptions(spec);
    refuseWithoutEffect(given);
    PlacementRule rule = new PlacementRule(placement, runLength);
    Reading<?> chosen = Readings.named(reading);
    Optional<SwitchedOn> fault = faults.switchedOn(given, strategy.name(), chosen);
    Report report = json.report(console);
    PrintStream out = report.console().out();
    dump.prepare(given, strategy.name(), chosen);
    boolean unverified = noVerify || dump.rounds();
    Optional<DeployedStep> step = deployed.step(strategy.name(), hopB.isOn());
    try (Checkpoint checkpoint = formats.of(asked.checkpoint(given));
        Prompts prompts = asked.prompts(checkpoint, given, console)) {
      ModelConfig config = checkpoint.config();
      List<DecodeRequest> requests = asked.requests(prompts);
      Strategy spread = strategy.of(config, requests.size(), rule, hopB.isOn(), given);
      if (!LayoutFields.of(spread, config).sharesSequences()) {
        given.refuse(
            "with KVP 1, where one shard keeps every token", "--placement", "--run-length");
      }
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              spread,
              requests,
              dump.recording(unverified ? Recording.STEPS : Recording.TAPS),
              formats.cache());
      DecodePlan ran = fault.map(on -> on.plan(plan)).orElse(plan);
      String choices = formats.title() + strategy.name().title();
      out.println(ModelTitle.of(asked.model(), config, reading, choices));
      fault.ifPresent(on -> out.println(FaultOptions.words(on)));
      DecodeResult result =
          new DecodeRun(new ThreadRanks())
              .decode(
                  ran, dump.reading(chosen, plan, fault), prompts.printTo(out, config.layers()));

      out.println();
      out.println(RunPicture.of(plan, result));
      dump.write(plan, result.record(), fault, out);
      if (chosen instanceof CountingReading counting) {
        out.println(CountsTable.of(counting, plan.strategy().ranks()));
      }
      Optional<CostedVerification> verification =
          result
              .taps()
              .filter(record -> !unverified)
              .map(record -> AgainstBaseline.verify(plan, result, record));
      verification.ifPresent(costed -> AgainstBaseline.print(costed, out));
      Optional<FormatEffect> effect = unverified ? Optional.empty() : FormatEffect.of(plan, result);
      effect.ifPresent(found -> AgainstBaseline.print(found, out));
      step.ifPresent(costed -> out.println(costed.table()));
      Optional<OracleComparison> oracle =
          result
              .taps()
              .filter(record -> againstOracle)
              .map(record -> AgainstOracle.compare(plan, result, record));
      oracle.ifPresent(comparison -> AgainstOracle.print(comparison, out));
      RunReport.Checks checks = new RunReport.Checks(fault, verification, effect, step, oracle);
      report.write(
          () -> RunReport.of(asked.model(), plan, reading, result, prompts.texts(result), checks));
      int status =
          new Verdict(
                  plan,
                  result,
                  dump.rounds() ? "--convention" : "--no-verify",
                  verification,
                  oracle)
              .say(reading.equals(ExactReading.NAME), report.console());
      if (fault.isPresent() && status == ExitStatus.DONE) {
        Reading<?> healthy = dump.reading(Readings.named(reading), plan, Optional.empty());
        if (FaultEffect.isNone(plan, healthy, result)) {
          out.println(FaultEffect.none(fault.get().fault(), plan));
        }
      }
      return status;
    }
  }

  private void refuseWithoutEffect(GivenOptions given) {
    if (againstOracle && noVerify) {
      throw new InvalidInputException("--oracle: expected a verified run, got --no-verify");
    }
    if (againstOracle && dump.rounds()) {
      throw new InvalidInputException("--oracle: expected a verified run, got --convention");
    }
    strategy.refuseWithoutEffect(given);
    deployed.refuseWithoutEffect(given);
    if (placement == PlacementRule.Kind.CONTIGUOUS) {
      given.refuse("with --placement contiguous", "--run-length");
    }
  }
}
