package dev.helix.runtime.cli;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.decode.PlacementRule;
import dev.helix.runtime.decode.RunRecord;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.report.CountsTable;
import dev.helix.runtime.report.LayoutPicture;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.report.OracleTable;
import dev.helix.runtime.report.RunReport;
import dev.helix.runtime.report.VerificationTable;
import dev.helix.runtime.timing.report.QuantityCosts;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.OracleCheck;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.runtime.verify.RoutingCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
    })
final class DecodeCommand implements Callable<Integer> {
  /** Given to an embedded model when the user gives no prompt. */
  private static final String DEFAULT_PROMPT =
      "Ada put the lamp in the barn . It was a cold morning . Ben put the key in the attic . Cleo"
          + " went to the mill and felt calm . Where is the lamp ? The lamp is in the";

  private final PrintStream out;
  private final PrintStream err;
  private final List<PromptSource> sources = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      defaultValue = "recall-gqa",
      description = "An embedded model or a Hugging Face directory (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--max-new",
      paramLabel = "N",
      defaultValue = "32",
      description = "Tokens to decode at most (default: ${DEFAULT-VALUE}).")
  private int maxNew;

  @Option(
      names = "--kvp",
      paramLabel = "N",
      description =
          "Shards of the KV cache along the sequence (default: 4; 8 with latent attention).")
  private Optional<Integer> kvp;

  @Option(
      names = "--tpa",
      paramLabel = "N",
      description = "Tensor parallel width of attention (default: 2; 1 with latent attention).")
  private Optional<Integer> tpa;

  @Option(
      names = "--tpf",
      paramLabel = "N",
      description = "Tensor parallel width of the FFN (default: all ranks / EP).")
  private Optional<Integer> tpf;

  @Option(
      names = "--ep",
      paramLabel = "N",
      description = "Expert parallel width of the FFN (default: all ranks / TPF, or 1).")
  private Optional<Integer> ep;

  @Option(
      names = "--placement",
      paramLabel = "RULE",
      defaultValue = "round-robin",
      converter = PlacementKindConverter.class,
      description = "round-robin or contiguous (default: ${DEFAULT-VALUE}).")
  private PlacementRule.Kind placement;

  @Option(
      names = "--run-length",
      paramLabel = "N",
      defaultValue = "16",
      description = "Tokens in a row on one shard under round-robin (default: ${DEFAULT-VALUE}).")
  private int runLength;

  @Option(
      names = "--hop-b",
      paramLabel = "on|off",
      defaultValue = "off",
      converter = OnOff.Converter.class,
      description =
          "Attention and exchange request by request, to overlap on a GPU; no number changes by it"
              + " (default: ${DEFAULT-VALUE}).")
  private OnOff hopB;

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
              + " digests of the logits. Under another --reading than exact they may differ, and are"
              + " only printed.")
  private boolean allLayouts;

  @Option(
      names = "--as",
      paramLabel = "NAME|DIR",
      description =
          "Also say what the same operations take on GB200s in a step of this model: llama-405b,"
              + " deepseek-r1 or a directory with config.json, in the layout that helix time takes.")
  private Optional<String> as;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "1M",
      converter = TokenCountConverter.class,
      description = "With --as: tokens that each request attends to (default: ${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "With --as: requests (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the run and its errors.")
  private Optional<String> json;

  @Option(
      names = "--oracle",
      description = "Compare every part with 50-digit numbers as well; very slow.")
  private boolean againstOracle;

  @Option(names = "--no-verify", description = "Do not compare with the unsharded baseline.")
  private boolean noVerify;

  DecodeCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      order = 0,
      description = "A prompt; several make a ragged batch, with --tokens in the order given.")
  void addPrompt(String text) {
    sources.add(new PromptSource.Text(text));
  }

  @Option(
      names = "--tokens",
      paramLabel = "1,2,3",
      order = 1,
      description = "A prompt as token ids, taken as they are: no beginning-of-text is added.")
  void addTokens(String list) {
    sources.add(new PromptSource.Tokens(list));
  }

  /** Set while arguments are read, because the logging configuration looks when first used. */
  @Option(names = "--verbose", order = 20, description = "Log each step to standard error.")
  void logSteps(boolean on) {
    System.setProperty("helix.log", on ? "INFO" : "WARN");
  }

  @Override
  public Integer call() {
    if (againstOracle && (noVerify || allLayouts)) {
      throw new InvalidInputException(
          "--oracle compares a verified run: expected neither --no-verify nor --all-layouts");
    }
    refuseWithoutEffect(new GivenOptions(spec));
    PlacementRule rule = new PlacementRule(placement, runLength);
    Reading<?> chosen = Readings.named(reading);
    Optional<ReportFile> jsonFile = json.map(file -> ReportFile.given("--json", file));
    Optional<String> asOther =
        as.map(other -> DeployedTimes.ofStep(other, context, batch, hopB.isOn()));
    try (Checkpoint checkpoint = ModelOption.checkpoint("--model", model);
        Prompts prompts = Prompts.of(checkpoint, givenOrDefault(), err)) {
      Layout layout = layout(checkpoint.config().latent().isPresent());
      List<DecodeRequest> requests =
          prompts.tokens().stream().map(ids -> new DecodeRequest(ids, maxNew)).toList();
      ModelConfig config = checkpoint.config();
      out.println(title(config));
      boolean exact = reading.equals(ExactReading.NAME);
      if (allLayouts) {
        return new AllLayouts(checkpoint, requests, hopB.isOn(), reading, out, err)
            .run(exact && !noVerify);
      }
      DecodePlan plan = new DecodePlan(checkpoint, layout, rule, requests, !noVerify, hopB.isOn());
      DecodeResult result = DecodeRun.decode(plan, chosen, prompts.printTo(out, config.layers()));

      out.println();
      out.println(picture(plan, result));
      if (chosen instanceof CountingReading counting) {
        out.println(CountsTable.of(counting, layout.ranks()));
      }
      Optional<Verification> verification =
          result.record().map(record -> verify(plan, result, record));
      verification.ifPresent(checked -> print(checked, DeployedTimes.ofRun(plan, result)));
      asOther.ifPresent(out::println);
      Optional<OracleComparison> oracle =
          result
              .record()
              .filter(record -> againstOracle)
              .map(record -> oracle(plan, result, record));
      oracle.ifPresent(this::print);
      jsonFile.ifPresent(
          file ->
              file.write(
                  RunReport.of(
                      model, plan, reading, result, prompts.texts(result), verification, oracle)));
      if (exact) {
        out.println("SHA-256 of all logits: " + LogitsDigest.ofAll(result));
        Optional<String> difference =
            noVerify ? Optional.empty() : DefinitionCheck.firstDifference(checkpoint, result);
        if (difference.isPresent()) {
          err.println("helix: not as defined: " + difference.get());
          out.println("NOT VERIFIED: the logits are not those defined");
          return ExitStatus.NOT_VERIFIED;
        }
      }
      if (oracle.isPresent() && !oracle.get().passed()) {
        out.println("NOT VERIFIED: an error against 50 digits exceeds its bound");
        return ExitStatus.NOT_VERIFIED;
      }
      return verdict(layout, result, verification);
    }
  }

  /** Also settles the reading that {@code --all-layouts} takes by itself. */
  private void refuseWithoutEffect(GivenOptions given) {
    if (allLayouts) {
      given.refuse(
          "with --all-layouts",
          "--kvp",
          "--tpa",
          "--tpf",
          "--ep",
          "--placement",
          "--run-length",
          "--as",
          "--json");
      if (!given.has("--reading")) {
        reading = ExactReading.NAME;
      }
      if (!reading.equals(ExactReading.NAME)) {
        given.refuse("with --all-layouts under another reading than exact", "--no-verify");
      }
    }
    if (as.isEmpty()) {
      given.refuse("without --as", "--context", "--batch");
    }
    if (placement == PlacementRule.Kind.CONTIGUOUS) {
      given.refuse("with --placement contiguous", "--run-length");
    }
  }

  private Layout layout(boolean latentAttention) {
    Layout attention =
        Layout.dense(kvp.orElse(latentAttention ? 8 : 4), tpa.orElse(latentAttention ? 1 : 2));
    int ranks = attention.ranks();
    int expertGroups =
        ep.orElseGet(() -> tpf.map(width -> DefaultLayout.share("TPF", width, ranks)).orElse(1));
    int columns = tpf.orElseGet(() -> DefaultLayout.share("EP", expertGroups, ranks));
    return new Layout(attention.kvp(), attention.tpa(), columns, expertGroups);
  }

  private List<PromptSource> givenOrDefault() {
    if (sources.isEmpty() && Checkpoint.embeddedNames().contains(model)) {
      return List.of(new PromptSource.Text(DEFAULT_PROMPT));
    }
    return sources;
  }

  private static Verification verify(DecodePlan plan, DecodeResult result, RunRecord record) {
    try (Progress progress = new Progress("verifying", Verifier.steps(result))) {
      return Verifier.verify(plan, result, record, () -> progress.step(1));
    }
  }

  private static OracleComparison oracle(DecodePlan plan, DecodeResult result, RunRecord record) {
    try (Progress progress = new Progress("50 digits", OracleCheck.steps(plan, result))) {
      return OracleCheck.compare(plan, result, record, progress::step);
    }
  }

  private String title(ModelConfig config) {
    String attention =
        config
            .latent()
            .map(
                latent ->
                    "%d heads over one latent of %d + %d"
                        .formatted(latent.heads(), latent.latent(), latent.ropeDim()))
            .orElseGet(
                () ->
                    "%d query and %d KV heads of %d"
                        .formatted(
                            config.attention().queryHeads(),
                            config.attention().kvHeads(),
                            config.attention().headDim()));
    String experts =
        config
            .mixture()
            .map(m -> ", %d of %d experts".formatted(m.rule().topK(), m.rule().experts()))
            .orElse("");
    return "%s: %d layers, hidden size %d, %s%s; reading %s%n"
        .formatted(
            model, config.layers(), config.attention().hidden(), attention, experts, reading);
  }

  /** The layout with the tokens of the longest request. */
  private static String picture(DecodePlan plan, DecodeResult result) {
    int longest = 0;
    for (int request = 1; request < result.requests().size(); request++) {
      if (cached(result, request) > cached(result, longest)) {
        longest = request;
      }
    }
    ModelConfig config = plan.checkpoint().config();
    int tokens = cached(result, longest);
    int capacity = plan.requests().get(longest).capacity();
    if (config.mixture().isEmpty()) {
      return LayoutPicture.draw(
          config.attention(),
          plan.ffn(),
          plan.layout(),
          plan.placement(),
          longest,
          tokens,
          capacity);
    }
    return LayoutPicture.draw(
        config.attention(),
        config.mixture().get().shape(),
        config.hasDenseLayers() ? Optional.of(plan.ffn()) : Optional.empty(),
        plan.layout(),
        plan.placement(),
        longest,
        tokens,
        capacity);
  }

  /** Tokens of a request in the cache at its end: all but the last new one. */
  private static int cached(DecodeResult result, int request) {
    DecodeResult.Request decoded = result.requests().get(request);
    return decoded.prompt().size() + decoded.newTokens().size() - 1;
  }

  private void print(Verification verification, QuantityCosts costs) {
    out.println(VerificationTable.of(verification, costs));
    RoutingCheck routing = verification.routing();
    if (routing.decisions() > 0) {
      out.printf(
          "routing: %d choices of experts; %d other than the baseline's, %d of them near ties that"
              + " rounding decides%n",
          routing.decisions(), routing.different(), routing.nearTies());
    }
  }

  private void print(OracleComparison oracle) {
    out.println("against 50 digits, each part from the run's own hidden state");
    out.println(OracleTable.of(oracle));
    out.printf(
        Locale.ROOT,
        "%d comparisons with 50 digits, at most %.1e of a bound, %.1e ulp%n",
        oracle.rows().size(),
        oracle.worstShare(),
        oracle.worstUlp());
    if (oracle.otherExperts() > 0) {
      out.printf(
          "%d choices of experts were other than with 50 digits: not compared%n",
          oracle.otherExperts());
    }
  }

  private int verdict(Layout layout, DecodeResult result, Optional<Verification> verification) {
    String speed = String.format(Locale.ROOT, "%.0f tokens/s", result.tokensPerSecond());
    if (verification.isEmpty()) {
      out.printf("done, not verified (--no-verify): %s%n", speed);
      return ExitStatus.DONE;
    }
    Verification checked = verification.get();
    if (checked.passed()) {
      out.printf(
          Locale.ROOT,
          "verified: %d ranks agree bit for bit; %d comparisons within their derived bounds, at most"
              + " %.1e of one, and the logits within their estimated one; %d of %d tokens as the"
              + " baseline's; %s%n",
          layout.ranks(),
          checked.derived().count(),
          checked.worstShare(),
          checked.tokensAsBaseline(),
          checked.tokens(),
          speed);
      return ExitStatus.DONE;
    }
    checked.failures().forEach(failure -> err.println("helix: " + failure));
    out.printf("NOT VERIFIED: %d failures%n", checked.failures().size());
    return ExitStatus.NOT_VERIFIED;
  }
}
