package dev.helix.runtime.cli.decode;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.layouts.AllLayouts;
import dev.helix.runtime.cli.option.DefaultLayout;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.HopBOption;
import dev.helix.runtime.cli.option.LayoutOptions;
import dev.helix.runtime.cli.option.ModelOption;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.cli.option.Readings;
import dev.helix.runtime.cli.option.ReportFile;
import dev.helix.runtime.cli.prompt.ModelTitle;
import dev.helix.runtime.cli.prompt.PromptOptions;
import dev.helix.runtime.cli.prompt.Prompts;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.CostedVerification;
import dev.helix.runtime.report.CountsTable;
import dev.helix.runtime.report.RunReport;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.timing.report.DeployedStep;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code helix decode}: the main job, from prompts to a verdict. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Decodes prompts on simulated ranks under Helix Parallelism and checks every layer against an"
          + " unsharded baseline.",
      "Exit status: 0 verified (or --no-verify and done), 1 not verified, 2 bad input, 3 failed."
    },
    footer =
        "Default layout: KVP 4 x TPA 2, with latent attention KVP 8 x TPA 1; in the FFN all ranks"
            + " as TPF.")
public final class DecodeCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "recall-gqa",
      description = "An embedded model or a Hugging Face directory (default: ${DEFAULT-VALUE}).")
  private String model;

  @Mixin private PromptOptions prompt;

  @Option(
      names = "--max-new",
      paramLabel = "N",
      defaultValue = "32",
      description = "Tokens to decode at most (default: ${DEFAULT-VALUE}).")
  private int maxNew;

  @Mixin private final LayoutOptions layout = new LayoutOptions(DefaultLayout.SIMULATED);

  @Option(
      names = "--placement",
      paramLabel = "RULE",
      defaultValue = "round-robin",
      converter = PlacementKinds.class,
      description = "round-robin or contiguous (default: ${DEFAULT-VALUE}).")
  private PlacementRule.Kind placement;

  @Option(
      names = "--run-length",
      paramLabel = "N",
      defaultValue = "16",
      description = "Tokens in a row on one shard under round-robin (default: ${DEFAULT-VALUE}).")
  private int runLength;

  @Mixin private HopBOption hopB;

  @Option(
      names = "--reading",
      paramLabel = "NAME",
      defaultValue = "fp64",
      description =
          "fp64; exact: the same bits for every layout; counting: slow, counts every operation; or"
              + " oracle: very slow, 50 digits (default: ${DEFAULT-VALUE}; with --all-layouts"
              + " exact).")
  private String reading;

  @Option(
      names = "--all-layouts",
      description =
          "Decode on every legal layout of up to 8 ranks, under every placement, and compare the"
              + " digests of the logits. Under another --reading than exact they may differ, and"
              + " are only printed.")
  private boolean allLayouts;

  @Mixin private DeployedOptions deployed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the run and its errors.")
  private Optional<String> json;

  @Option(
      names = "--oracle",
      description = "Compare every part with 50-digit numbers as well; very slow.")
  private boolean againstOracle;

  @Option(names = "--no-verify", description = "Do not compare with the unsharded baseline.")
  private boolean noVerify;

  /** The command, which prints to {@code out}, and what went wrong to {@code err}. */
  public DecodeCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** {@code --placement} in words. */
  static final class PlacementKinds extends OneOf<PlacementRule.Kind> {
    PlacementKinds() {
      super(List.of(PlacementRule.Kind.values()));
    }
  }

  /** Set while arguments are read, because the logging configuration looks when first used. */
  @Option(names = "--verbose", order = 20, description = "Log each step to standard error.")
  void logSteps(boolean on) {
    System.setProperty("helix.log", on ? "INFO" : "WARN");
  }

  @Override
  public Integer call() {
    refuseWithoutEffect(new GivenOptions(spec));
    PlacementRule rule = new PlacementRule(placement, runLength);
    Reading<?> chosen = Readings.named(reading);
    Optional<ReportFile> jsonFile = json.map(file -> ReportFile.given("--json", file));
    Optional<DeployedStep> step = deployed.step(hopB.isOn());
    try (Checkpoint checkpoint = ModelOption.checkpoint("--model", model);
        Prompts prompts = Prompts.of(checkpoint, prompt.of(model), err)) {
      ModelConfig config = checkpoint.config();
      Layout ranks = layout.of(config);
      List<DecodeRequest> requests =
          prompts.tokens().stream().map(ids -> new DecodeRequest(ids, maxNew)).toList();
      out.println(ModelTitle.of(model, config, reading));
      boolean exact = reading.equals(ExactReading.NAME);
      if (allLayouts) {
        return new AllLayouts(checkpoint, requests, hopB.isOn(), reading, out, err)
            .run(exact && !noVerify);
      }
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(ranks, rule, hopB.isOn()),
              requests,
              noVerify ? Recording.STEPS : Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks())
              .decode(plan, chosen, prompts.printTo(out, config.layers()));

      out.println();
      out.println(RunPicture.of(plan, result));
      if (chosen instanceof CountingReading counting) {
        out.println(CountsTable.of(counting, ranks.ranks()));
      }
      Optional<CostedVerification> verification =
          result.taps().map(record -> AgainstBaseline.verify(plan, result, record));
      verification.ifPresent(costed -> AgainstBaseline.print(costed, out));
      step.ifPresent(costed -> out.println(costed.table()));
      Optional<OracleComparison> oracle =
          result
              .taps()
              .filter(record -> againstOracle)
              .map(record -> AgainstOracle.compare(plan, result, record));
      oracle.ifPresent(comparison -> AgainstOracle.print(comparison, out));
      RunReport.Checks checks = new RunReport.Checks(verification, step, oracle);
      jsonFile.ifPresent(
          file ->
              file.write(
                  RunReport.of(model, plan, reading, result, prompts.texts(result), checks)));
      return new Verdict(plan, result, verification, oracle).say(exact, out, err);
    }
  }

  /** Also settles the reading that {@code --all-layouts} takes by itself. */
  private void refuseWithoutEffect(GivenOptions given) {
    if (againstOracle && (noVerify || allLayouts)) {
      throw new InvalidInputException(
          "--oracle compares a verified run: expected neither --no-verify nor --all-layouts");
    }
    if (allLayouts) {
      LayoutOptions.refuse(given, "with --all-layouts");
      given.refuse("with --all-layouts", "--placement", "--run-length", "--as", "--json");
      if (!given.has("--reading")) {
        reading = ExactReading.NAME;
      }
      if (!reading.equals(ExactReading.NAME)) {
        given.refuse("with --all-layouts under another reading than exact", "--no-verify");
      }
    }
    deployed.refuseWithoutEffect(given);
    if (placement == PlacementRule.Kind.CONTIGUOUS) {
      given.refuse("with --placement contiguous", "--run-length");
    }
  }
}
