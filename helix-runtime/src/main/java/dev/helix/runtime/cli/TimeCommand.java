package dev.helix.runtime.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.PlacementRule;
import dev.helix.runtime.decode.StepTracer;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.ChromeTrace;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.report.TimeReport;
import dev.helix.runtime.timing.report.TimeTable;
import dev.helix.runtime.timing.report.ValidationTable;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.validation.Validation;
import dev.helix.runtime.trace.DeployedPrecision;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code helix time}: what a decode step of a model costs on a GB200. */
@Command(
    name = "time",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Traces one decode step with shapes only and says what it takes on a GB200 NVL72, operation by"
          + " operation.",
      "Exit status: 0 done, 1 measurements not reproduced (--validate), 2 bad input, 3 failed."
    })
final class TimeCommand implements Callable<Integer> {
  private static final String UNIFORM = "uniform";
  private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(new Jdk8Module());

  private final PrintStream out;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "llama-405b",
      description =
          "llama-405b, deepseek-r1, an embedded model or a directory with config.json (default:"
              + " ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "1M",
      converter = TokenCountConverter.class,
      description =
          "Tokens that each request attends to; k and M are powers of ten, Ki and Mi of two, in"
              + " either case"
              + " (default: ${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Requests (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--kvp",
      paramLabel = "N",
      description =
          "Shards of the KV cache (default: 8; 64 with latent attention; fewer for a model of few"
              + " heads).")
  private Optional<Integer> kvp;

  @Option(
      names = "--tpa",
      paramLabel = "N",
      description =
          "Tensor parallel width of attention (default: 8; 1 with latent attention; less for a model"
              + " of few heads).")
  private Optional<Integer> tpa;

  @Option(
      names = "--tpf",
      paramLabel = "N",
      description = "Tensor parallel width of the FFN (default: all ranks / EP).")
  private Optional<Integer> tpf;

  @Option(
      names = "--ep",
      paramLabel = "N",
      description =
          "Expert parallel width of the FFN (default: all ranks / TPF; without --tpf all ranks if"
              + " that divides the experts, else 1).")
  private Optional<Integer> ep;

  @Option(
      names = "--weights",
      paramLabel = "DTYPE",
      defaultValue = "fp4",
      converter = DTypeConverter.class,
      description = "Precision of the weights: fp4, fp8, bf16 (default: ${DEFAULT-VALUE}).")
  private DType weights;

  @Option(
      names = "--kv",
      paramLabel = "DTYPE",
      defaultValue = "fp4",
      converter = DTypeConverter.class,
      description = "Precision of the KV cache (default: ${DEFAULT-VALUE}).")
  private DType kv;

  @Option(
      names = "--hop-b",
      paramLabel = "on|off",
      defaultValue = "off",
      converter = OnOff.Converter.class,
      description =
          "Attend and exchange request by request, so that one hides the other (default:"
              + " ${DEFAULT-VALUE}).")
  private OnOff hopB;

  @Option(
      names = "--accounting",
      paramLabel = "NAME",
      defaultValue = "idealised",
      converter = AccountingConverter.class,
      description =
          "With HOP-B on: idealised: its pieces share one overhead and one latency; per-chunk: each"
              + " has its own (default: ${DEFAULT-VALUE}).")
  private Accounting accounting;

  @Option(
      names = "--gpu",
      paramLabel = "NAME",
      defaultValue = "gb200",
      description = "gb200 or gb300 (default: ${DEFAULT-VALUE}).")
  private String gpu;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "paper",
      description =
          "paper: what the published claims assume; silicon: fitted to published measurements; sol:"
              + " no overhead at all (default: ${DEFAULT-VALUE}).")
  private String preset;

  @Option(
      names = "--machine",
      paramLabel = "FILE",
      description = "GPU and preset of your own, in place of --gpu and --preset.")
  private Optional<String> machineFile;

  @Option(
      names = "--load",
      paramLabel = "MODEL",
      defaultValue = UNIFORM,
      description =
          "Load of the experts: uniform expectation, busiest rank of a random routing, or"
              + " power-law: the same with unequal popularity (default: ${DEFAULT-VALUE}).")
  private String load;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random routing (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write the schedule as Chrome trace events, for Perfetto.")
  private Optional<String> traceFile;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures.")
  private Optional<String> json;

  @Option(
      names = "--allow-overflow",
      description = "Go on if weights and KV cache do not fit into the GPUs' memory.")
  private boolean allowOverflow;

  @Option(
      names = "--validate",
      description = "Hold the machine against published measurements instead.")
  private boolean validate;

  TimeCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    GivenOptions given = new GivenOptions(spec);
    refuseWithoutEffect(given);
    Machine machine =
        machineFile
            .map(file -> Machine.read(Paths.given("--machine", file)))
            .orElseGet(() -> Machine.named(gpu, preset));
    if (validate) {
      return validate(machine);
    }
    Optional<ReportFile> jsonFile = json.map(file -> ReportFile.given("--json", file));
    Optional<ReportFile> chrome = traceFile.map(file -> ReportFile.given("--trace", file));
    if (jsonFile.isPresent() && chrome.filter(jsonFile.get()::isSameAs).isPresent()) {
      throw new InvalidInputException(
          "--json and --trace: expected two files, got '%s' for both".formatted(json.get()));
    }
    ModelConfig config = ModelOption.shape("--model", model).config();
    LoadModel loadModel = load();
    if (config.mixture().isEmpty()) {
      given.refuse("on " + model + ", which has no experts", "--load", "--seed");
    }
    Layout layout = DefaultLayout.of(config, kvp, tpa, tpf, ep);
    requireDomain(machine, layout);
    DeployedPrecision precision = new DeployedPrecision(weights, kv, DType.BF16);
    StepTrace trace =
        StepTracer.trace(
            config,
            layout,
            PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH),
            batch,
            context,
            precision,
            loadModel,
            hopB.isOn());
    StepTime time = StepTime.of(machine, trace, batch, accounting);
    requireMemory(time);

    out.println(title(machine, layout, config));
    out.print(TimeTable.of(time));
    if (hopB.isOn()) {
      printOther(machine, trace);
    }
    jsonFile.ifPresent(
        file -> file.write(figures(TimeReport.of(question(machine, layout, config), time))));
    chrome.ifPresent(file -> file.write(ChromeTrace.of(time.schedule())));
    return ExitStatus.DONE;
  }

  private void refuseWithoutEffect(GivenOptions given) {
    if (validate) {
      given.refuse(
          "with --validate",
          "--model",
          "--context",
          "--batch",
          "--kvp",
          "--tpa",
          "--tpf",
          "--ep",
          "--weights",
          "--kv",
          "--hop-b",
          "--accounting",
          "--load",
          "--seed",
          "--trace",
          "--json",
          "--allow-overflow");
    }
    if (machineFile.isPresent()) {
      given.refuse("with --machine", "--gpu", "--preset");
    }
    if (!hopB.isOn()) {
      given.refuse("with --hop-b off", "--accounting");
    }
    if (load.equals(UNIFORM)) {
      given.refuse("with --load uniform", "--seed");
    }
  }

  private void printOther(Machine machine, StepTrace trace) {
    Accounting other =
        accounting == Accounting.IDEALISED ? Accounting.PER_CHUNK : Accounting.IDEALISED;
    StepTime time = StepTime.of(machine, trace, batch, other);
    out.printf(
        Locale.ROOT,
        "HOP-B's accounting above is %s; under %s TTL %.1f µs%n",
        accounting,
        other,
        time.ttlMicros());
  }

  private int validate(Machine machine) {
    Validation validation = Validation.of(machine);
    out.print(ValidationTable.of(validation));
    boolean kept = validation.families().stream().allMatch(Validation.Family::withinLimit);
    return kept ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }

  private LoadModel load() {
    return switch (load) {
      case UNIFORM -> new LoadModel.UniformExpectation();
      case "busiest" -> new LoadModel.SampledBusiestRank(seed);
      case "power-law" -> new LoadModel.PowerLaw(1, seed);
      default ->
          throw new InvalidInputException(
              "--load: expected uniform, busiest or power-law, got '" + load + "'");
    };
  }

  private static void requireDomain(Machine machine, Layout layout) {
    int gpus = (int) machine.gpu().domainGpus().value();
    if (layout.ranks() > gpus) {
      throw new InvalidInputException(
          "KVP × TPA (%d × %d = %d) must be at most the %d GPUs of one NVLink domain of %s"
              .formatted(layout.kvp(), layout.tpa(), layout.ranks(), gpus, machine.gpu().name()));
    }
  }

  private void requireMemory(StepTime time) {
    long needed = time.memoryPerGpuBytes();
    long capacity = time.machine().gpu().memoryBytes();
    if (needed > capacity && !allowOverflow) {
      throw new InvalidInputException(
          "%s with %d requests of %d tokens needs %.2f GB on a GPU, %s has %.2f GB (--allow-overflow goes on all the same)"
              .formatted(
                  model,
                  batch,
                  context,
                  needed / 1e9,
                  time.machine().gpu().name(),
                  capacity / 1e9));
    }
  }

  private String title(Machine machine, Layout layout, ModelConfig config) {
    return "%s on %d %s, %s: KVP %d x TPA %d, TPF %d x EP %d; %d requests of %d tokens; weights %s, KV cache %s; HOP-B %s%s%n"
        .formatted(
            model,
            layout.ranks(),
            machine.gpu().name(),
            machine.preset().name(),
            layout.kvp(),
            layout.tpa(),
            layout.tpf(),
            layout.ep(),
            batch,
            context,
            weights,
            kv,
            hopB.isOn() ? "on" : "off",
            config.mixture().isPresent() ? "; experts' load " + load : "");
  }

  /** The report with the rest of what was given, so that the question can be asked again. */
  private ObjectNode figures(TimeReport report) {
    ObjectNode figures = MAPPER.valueToTree(report);
    ObjectNode question = (ObjectNode) figures.get("question");
    if (report.question().load().isPresent()) {
      question.put("seed", seed);
    }
    machineFile.ifPresent(file -> question.put("machine", file));
    question.put("allowOverflow", allowOverflow);
    return figures;
  }

  private TimeReport.StepQuestion question(Machine machine, Layout layout, ModelConfig config) {
    return new TimeReport.StepQuestion(
        model,
        machine.gpu().name(),
        machine.preset().name(),
        context,
        batch,
        layout.kvp(),
        layout.tpa(),
        layout.tpf(),
        layout.ep(),
        weights.toString(),
        kv.toString(),
        hopB.isOn(),
        accounting.toString(),
        config.mixture().map(mixture -> load));
  }
}
