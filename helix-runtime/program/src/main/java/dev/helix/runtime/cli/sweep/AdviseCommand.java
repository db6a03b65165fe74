package dev.helix.runtime.cli.sweep;

import dev.helix.runtime.advice.Advice;
import dev.helix.runtime.advice.AdviceReport;
import dev.helix.runtime.advice.AdviceText;
import dev.helix.runtime.advice.OtherPreset;
import dev.helix.runtime.advice.Search;
import dev.helix.runtime.advice.Wish;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.StepCounts;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.sweep.report.SweepQuestion;
import dev.helix.tensor.InvalidInputException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code helix advise}, which answers with one layout. */
@Command(
    name = "advise",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says which layout of which strategy serves most tokens/s/GPU within a token-to-token"
          + " latency, why, and how sure that is.",
      "The exit status is 0 if there is one, 2 if nothing is as fast or something that was given is"
          + " wrong, and 3 if the command failed."
    })
public final class AdviseCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private ServingOptions serving;

  @Option(
      names = "--ttl",
      paramLabel = "MS",
      required = true,
      description = "Serve each user a token at least every so many ms.")
  private double ttl;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Serve exactly this many requests at once, from 1 to 65536 (default: as many as give most"
              + " tokens/s/GPU).")
  private Optional<Integer> batch;

  @Mixin private JsonOption json;

  /** Creates the command, which prints to the console. */
  public AdviseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return StepCounts.counted("--context, --batch", this::advise);
  }

  private int advise() {
    GivenOptions given = new GivenOptions(spec);
    Report report = json.report(console);
    Deployment deployment = serving.deployment(given);
    GivenNumber.requirePositive("--ttl", ttl, "a positive number of ms");
    batch.ifPresent(AdviseCommand::requireBatch);
    Wish wish = new Wish(ttl, GivenNumber.whole(batch));
    List<Deployment> deployments = new ArrayList<>(List.of(deployment));
    serving.beside(deployment).ifPresent(deployments::add);
    SearchSpace space =
        new SearchSpace(
            serving.gpus(),
            List.of(StrategyKind.values()),
            SearchSpace.COARSE_BATCHES,
            SearchSpace.Pieces.BY_REQUEST);
    List<Search> searches;
    try (Progress bar = new Progress("advise", space.plans(deployment.model()).size())) {
      searches = Search.of(deployments, serving.gpus(), wish, (done, of) -> bar.step(1));
    }
    Advice advice = Advice.of(searches.get(0));
    Optional<OtherPreset> otherPreset =
        searches.stream().skip(1).findFirst().map(other -> OtherPreset.of(advice, other));
    SweepQuestion question = serving.question(deployment, space, given);
    PrintStream print = report.console().out();
    print.println(question.title());
    print.print(AdviceText.of(advice, deployment, wish, question.served().time()));
    otherPreset.map(AdviceText::beside).ifPresent(print::print);
    report.write(() -> AdviceReport.of(question, wish, advice, deployment, otherPreset));
    return ExitStatus.DONE;
  }

  private static void requireBatch(int requests) {
    if (requests < 1 || requests > SearchSpace.MAX_BATCH) {
      throw new InvalidInputException(
          "--batch: expected 1 to %d requests, got %d".formatted(SearchSpace.MAX_BATCH, requests));
    }
  }
}
