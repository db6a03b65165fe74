package dev.helix.runtime.cli.sweep;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.paper.ModelStudy;
import dev.helix.runtime.paper.PaperFigures;
import dev.helix.runtime.paper.PaperReport;
import dev.helix.runtime.paper.PaperTable;
import dev.helix.runtime.paper.Sensitivity;
import dev.helix.runtime.sweep.report.PointsCsv;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code helix paper}, which holds the published claims against a sweep. */
@Command(
    name = "paper",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Holds the claims of Helix Parallelism against a sweep in their own setting, in every reading"
          + " that the paper leaves open.",
      "The exit status is 0 if the sweep is done, whatever it says of the claims, 2 if something"
          + " that was given is wrong, and 3 if the command failed."
    })
public final class PaperCommand implements Callable<Integer> {
  private static final List<String> FILES =
      List.of(
          "figure-1-gpus.svg",
          "figure-1-context.svg",
          "figure-5.svg",
          "figure-6.svg",
          "figure-7-deepseek-r1.svg",
          "figure-7-llama-405b.svg",
          "points-deepseek-r1.csv",
          "points-llama-405b.csv");

  private final Console console;
  private final Function<String, ModelStudy> studied;

  @Option(
      names = "--sensitivity",
      description =
          "Also say how the claims move with latency, launches, formats, HOP-B, GPUs and batches.")
  private boolean sensitivity;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write Figures 1, 5, 6 and 7 of the paper, redrawn from this model, and all points to"
              + " this folder, which is made if its parent exists. Earlier files of this command in"
              + " it are replaced.")
  private Optional<String> out;

  @Mixin private JsonOption json;

  /** Creates the command, which prints to the console. */
  public PaperCommand(Console console) {
    this(console, PaperCommand::study);
  }

  /**
   * Creates the command.
   *
   * @param studied makes the sweep of a model
   */
  PaperCommand(Console console, Function<String, ModelStudy> studied) {
    this.console = console;
    this.studied = studied;
  }

  @Override
  public Integer call() {
    Report report = json.report(console);
    Optional<OutputFolder> folder = out.map(name -> OutputFolder.given(name, FILES));
    List<ModelStudy> studies = new ArrayList<>();
    ModelStudy.MODELS.forEach(model -> studies.add(studied.apply(model)));
    PrintStream print = report.console().out();
    print.println(
        "1M tokens, FP4, up to 64 GB200, preset paper; the baseline of the claims is TP,");
    print.println("TP x PP and Medha with its FFN as wide as TPA, charged alike; HOP-B idealised");
    print.println();
    print.print(PaperTable.claims(studies));
    for (ModelStudy study : studies) {
      print.println();
      print.print(PaperTable.readings(study));
    }
    List<Optional<List<Sensitivity.Row>>> changes = new ArrayList<>();
    for (ModelStudy study : studies) {
      Optional<List<Sensitivity.Row>> rows =
          sensitivity ? Optional.of(Sensitivity.of(study)) : Optional.empty();
      changes.add(rows);
      rows.ifPresent(
          own -> {
            print.println();
            print.print(PaperTable.sensitivity(study, own));
          });
    }
    report.write(
        () ->
            PaperReport.of(
                IntStream.range(0, studies.size())
                    .mapToObj(i -> PaperReport.OfModel.of(studies.get(i), changes.get(i)))
                    .toList()));
    folder.ifPresent(to -> write(to, studies));
    return ExitStatus.DONE;
  }

  private static ModelStudy study(String model) {
    int plans = ModelStudy.space().plans(ModelStudy.deployment(model).model()).size();
    try (Progress bar = new Progress(model, plans)) {
      return ModelStudy.of(model, (done, all) -> bar.step(1));
    }
  }

  private static void write(OutputFolder to, List<ModelStudy> studies) {
    to.file("figure-1-gpus.svg").writeText(PaperFigures.readsByGpus().svg());
    to.file("figure-1-context.svg").writeText(PaperFigures.readsByContext().svg());
    for (ModelStudy study : studies) {
      String number = study.model().equals("deepseek-r1") ? "5" : "6";
      to.file("figure-" + number + ".svg")
          .writeText(PaperFigures.frontiers("Figure " + number, study).svg());
      to.file("figure-7-" + study.model() + ".svg").writeText(PaperFigures.overlap(study).svg());
      to.file("points-" + study.model() + ".csv").writeText(PointsCsv.of(study.sweep()));
    }
  }
}
