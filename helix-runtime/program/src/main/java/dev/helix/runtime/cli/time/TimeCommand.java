package dev.helix.runtime.cli.time;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.DefaultLayout;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.HopBOption;
import dev.helix.runtime.cli.option.MachineOptions;
import dev.helix.runtime.cli.option.ModelOption;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.cli.option.StepCounts;
import dev.helix.runtime.cli.option.StepSizeOptions;
import dev.helix.runtime.cli.option.StrategyOptions;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.cli.output.ReportFile;
import dev.helix.runtime.report.LayoutFields;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.ChromeTrace;
import dev.helix.runtime.timing.report.Drafts;
import dev.helix.runtime.timing.report.MemoryReport;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.report.TimeReport;
import dev.helix.runtime.timing.report.TimeTable;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.CacheGrowth;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.TooManyRanksException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code helix time}, which says what a decode step of a model takes on a GB200. */
@Command(
    name = "time",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Traces one decode step with shapes only and says what it takes on a GB200 NVL72, operation"
          + " by operation.",
      "The exit status is 0 if the step is timed, 2 if something that was given is wrong, and 3 if"
          + " the command failed."
    },
    footer =
        "The default layout of helix is KVP 8 x TPA 8, with latent attention KVP 64 x TPA 1, with"
            + " fewer ranks for a model of few heads; in the FFN all ranks are EP if they divide"
            + " the experts, else TPF. Under tp it is TPA 8, under tp-pp 2 stages of TPA 8; under"
            + " dp-ep 8 groups of helix's TPA, or one for each request; and under medha attention"
            + " as under helix, with a fixed group of"
            + " up to 8, or as wide as TPA if that is more. There are at most as many ranks"
            + " as GPUs in an NVLink domain, 72.")
public final class TimeCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(new Jdk8Module());

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "llama-405b",
      description =
          "Time this model: llama-405b, deepseek-r1, recall-gqa, recall-mla or a directory with a"
              + " config.json (default: ${DEFAULT-VALUE}).")
  private String model;

  @Mixin private StepSizeOptions size;

  @Mixin private DraftOptions draftOptions;

  @Mixin
  private final StrategyOptions strategyOptions = new StrategyOptions(DefaultLayout.DEPLOYED);

  @Mixin private PrecisionOptions formats;

  @Mixin private HopBOption hopB;

  @Option(
      names = "--accounting",
      paramLabel = "NAME",
      defaultValue = "idealised",
      converter = Accountings.class,
      description =
          "With HOP-B on, count overhead and latency of its pieces in this way: idealised, they"
              + " share one of each; or per-piece, each piece has its own (default:"
              + " ${DEFAULT-VALUE}).")
  private Accounting accounting;

  @Mixin private PiecesOption pieces;

  @Mixin private MachineOptions machineOptions;

  @Mixin private LoadOptions load;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write the schedule to this file as Chrome trace events, which Perfetto opens; times are"
              + " in microseconds.")
  private Optional<String> traceFile;

  @Mixin private JsonOption json;

  @Mixin private MemoryOptions memory;

  /** Creates the command, which prints to the console. */
  public TimeCommand(Console console) {
    this.console = console;
  }

  /** The values of {@code --accounting}. */
  static final class Accountings extends OneOf<Accounting> {
    Accountings() {
      super(List.of(Accounting.values()));
    }
  }

  @Override
  public Integer call() {
    return StepCounts.counted("--context, --batch", this::time);
  }

  private int time() {
    GivenOptions given = new GivenOptions(spec);
    refuseWithoutEffect(given);
    Machine machine = machineOptions.machine();
    Report report = json.report(console);
    PrintStream out = report.console().out();
    Optional<ReportFile> chrome = traceFile.map(file -> ReportFile.given("--trace", file));
    if (chrome.filter(report::isIn).isPresent()) {
      throw new InvalidInputException(
          "--json, --trace: expected two files, got '%s' for both".formatted(traceFile.get()));
    }
    ModelConfig config = ModelOption.shape("--model", model).config();
    LoadModel loadModel = load.model();
    load.refuseWithoutEffect(given, model, config);
    formats.refuseWithoutEffect(given, config);
    Strategy strategy = strategy(machine, config, given);
    strategy.requireFits(config);
    requireDomain(machine, strategy);
    Drafts drafts = draftOptions.drafts();
    StepQueries queries = new StepQueries(size.batch(), size.context(), drafts.drafts());
    StepTrace trace = StepTracer.trace(config, strategy, queries, formats.precision(), loadModel);
    StepTime time = StepTime.of(machine, trace, size.batch(), accounting);
    memory.requireFits(time, model, size, strategyOptions.name());
    Optional<PiecedRanges> pieced =
        pieces
            .times(
                new Deployment(config, machine, formats.precision(), size.context()),
                strategy,
                queries)
            .map(times -> PiecedRanges.of(times, by -> time.on(machine, by)));

    TimeReport.StepQuestion question = question(machine, strategy, config);
    out.println(question.title());
    MemoryReport held = memory.report(time, strategy, new CacheGrowth(config, strategy, queries));
    out.print(TimeTable.of(time, held, drafts));
    out.print(TimeTable.trust(time));
    if (hopB.isOn()) {
      printOther(time.on(machine, otherAccounting()), out);
    }
    pieced.map(PiecedRanges::line).ifPresent(out::print);
    report.write(() -> figures(TimeReport.of(question, time, held), pieced));
    chrome.ifPresent(file -> file.write(ChromeTrace.of(time.schedule())));
    return ExitStatus.DONE;
  }

  private void refuseWithoutEffect(GivenOptions given) {
    strategyOptions.refuseWithoutEffect(given);
    machineOptions.refuseWithoutEffect(given);
    if (!hopB.isOn()) {
      given.refuse("with --hop-b off", "--accounting", "--pieces");
    }
    draftOptions.refuseWithoutEffect(given);
    load.refuseWithoutEffect(given);
    load.requireUniform(pieces.given().isPresent(), "--pieces");
  }

  private Accounting otherAccounting() {
    return accounting == Accounting.IDEALISED ? Accounting.PER_PIECE : Accounting.IDEALISED;
  }

  private void printOther(StepTime time, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "HOP-B's accounting above is %s; with %s the TTL is %.1f µs%s%n",
        accounting,
        time.accounting(),
        time.ttlMicros(),
        PiecedRanges.words(time.interval()));
  }

  private Strategy strategy(Machine machine, ModelConfig config, GivenOptions given) {
    PlacementRule placement = PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
    try {
      return strategyOptions.of(config, size.batch(), placement, hopB.isOn(), given);
    } catch (TooManyRanksException e) {
      throw beyondDomain(e.widths(), machine);
    }
  }

  private static void requireDomain(Machine machine, Strategy strategy) {
    if (strategy.ranks() > domainGpus(machine)) {
      String ranks =
          strategy instanceof HelixStrategy helix
              ? "KVP × TPA (%d × %d = %d)"
                  .formatted(helix.layout().kvp(), helix.layout().tpa(), strategy.ranks())
              : "the ranks of all widths (%d)".formatted(strategy.ranks());
      throw beyondDomain(ranks, machine);
    }
  }

  private static InvalidInputException beyondDomain(String ranks, Machine machine) {
    return new InvalidInputException(
        "%s must be at most the %d GPUs of one NVLink domain of %s"
            .formatted(ranks, domainGpus(machine), machine.gpu().name()));
  }

  private static int domainGpus(Machine machine) {
    return (int) machine.gpu().domainGpus().value();
  }

  /** The report with everything else that was given, so that the question can be asked again. */
  private ObjectNode figures(TimeReport report, Optional<PiecedRanges> pieced) {
    ObjectNode figures = MAPPER.valueToTree(report);
    pieced.ifPresent(times -> figures.set("pieces", MAPPER.valueToTree(times)));
    ObjectNode question = (ObjectNode) figures.get("question");
    if (report.question().load().isPresent()) {
      question.put("seed", load.seed());
    }
    if (machineOptions.machine().preset().hasFrameworks()) {
      question.put("framework", machineOptions.framework().toString());
    }
    machineOptions.file().ifPresent(file -> question.put("machine", file));
    pieces.given().ifPresent(count -> question.put("pieces", count));
    question.put("reserve", memory.reservePercent());
    question.put("allowOverflow", memory.allowsOverflow());
    return figures;
  }

  private TimeReport.StepQuestion question(Machine machine, Strategy strategy, ModelConfig config) {
    return new TimeReport.StepQuestion(
        model,
        machine.gpu().name(),
        machine.preset().name(),
        size.context(),
        size.batch(),
        draftOptions.drafts(),
        LayoutFields.spread(strategy, config),
        formats.fields(),
        hopB.isOn(),
        accounting.toString(),
        config.mixture().map(mixture -> load.name()));
  }
}
