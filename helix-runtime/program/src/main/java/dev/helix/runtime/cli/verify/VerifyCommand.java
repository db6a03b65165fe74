package dev.helix.runtime.cli.verify;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.runtime.cli.output.ReportFile;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.sharded.verdict.Suspicion;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code helix verify}, which judges tensors that another program has dumped. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Judges dumped tensors of another program's sharded attention: where they are wrong, by how"
          + " much, and which known fault explains it.",
      "The exit status is 0 if every number that was checked is within its bound, 1 if one is not,"
          + " 2 if something that was given is wrong or nothing could be checked or decided, and 3"
          + " if the command failed."
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final long MOST_SCORES_OF_ORACLE = 1_000_000;

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "The files of the dump, or folders with them.")
  private List<String> paths;

  @Mixin private DumpArguments files;

  @Option(
      names = "--suggest-map",
      description =
          "Print a first version of a map, from the names and shapes of the tensors, and judge"
              + " nothing.")
  private boolean suggestMap;

  @Mixin private FactOptions facts;

  @Option(
      names = "--stages",
      paramLabel = "S,S…",
      split = ",",
      description =
          "Judge only these stages: ownership, partial, exchange, merge, whole, projection"
              + " (default: all).")
  private List<String> stages = List.of();

  @Option(
      names = "--oracle",
      description =
          "Compute the references with 50 digits, which is very slow and refused for more than a"
              + " million scores.")
  private boolean oracle;

  @Mixin private JsonOption json;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description =
          "Draw an SVG picture of each head's share of its bound, rank by head, or layer by rank if"
              + " the dump has several layers.")
  private Optional<String> picture;

  /** Creates the command, which prints to the console. */
  public VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    GivenOptions given = new GivenOptions(spec);
    if (suggestMap) {
      given.refuse("with --suggest-map", given.others("--suggest-map"));
      console.out().print(DumpArguments.suggestedMap(paths));
      return ExitStatus.DONE;
    }
    facts.refuseWithoutEffect(given);
    Set<Stage> wanted = wanted();
    Report report = json.report(console);
    Optional<ReportFile> drawing = picture.map(VerifyCommand::ofSvg);
    List<Judged> judged = new ArrayList<>();
    try (Dump dump = files.open(paths);
        Progress progress = new Progress("tokens", 0)) {
      facts.requireRanks(dump);
      DumpedSteps steps = new DumpedSteps(dump, facts.facts(), step -> watch(step, progress));
      facts.requireEffect(given, dump, steps.kvp());
      for (Moment moment : steps.moments()) {
        for (int firstRank : steps.groups()) {
          DumpedStep step = steps.step(moment, firstRank);
          facts.requireEffect(step.step(), dump);
          if (judged.isEmpty()) {
            progress.print(() -> dump.remarks().forEach(report.console().out()::println));
          }
          judged.add(judge(step, wanted, report.console(), progress));
        }
      }
    }
    report.write(() -> VerifyReport.of(judged));
    drawing.ifPresent(file -> file.writeText(BoundPicture.of(judged)));
    SeveralVerdicts.lines(judged).forEach(report.console().out()::println);
    Conclusion conclusion = new Conclusion(judged, wanted);
    report.console().out().println(conclusion.line());
    return conclusion.status();
  }

  private static LongConsumer watch(ShardedStep step, Progress progress) {
    progress.expect(JudgedTokens.of(step));
    return progress::step;
  }

  private Judged judge(DumpedStep dumped, Set<Stage> wanted, Console words, Progress progress) {
    RightStates right =
        digits(dumped.step()) == Digits.DOUBLE
            ? dumped.right()
            : new RightStates(dumped.step(), Digits.FIFTY, watch(dumped.step(), progress));
    VerdictText text = new VerdictText(dumped);
    progress.print(() -> text.heading().forEach(words.out()::println));
    StepVerdict verdict =
        StepVerdict.of(
            right,
            wanted,
            dumped.unknown(),
            stage -> progress.tell("searching for the fault of the " + stage));
    Optional<StepVerdict> suspected = Suspicion.of(right, verdict, dumped.unknown());
    List<String> hints = Hints.of(right, verdict, dumped.unknown());
    progress.print(
        () -> {
          text.stages(verdict).forEach(words.out()::println);
          hints.forEach(hint -> words.out().println("  " + hint));
          suspected.map(text::suspicion).ifPresent(lines -> lines.forEach(words.out()::println));
        });
    return new Judged(dumped, verdict, suspected, hints);
  }

  private Digits digits(ShardedStep step) {
    long scores = JudgedTokens.of(step) * step.facts().shape().group();
    if (oracle && scores > MOST_SCORES_OF_ORACLE) {
      throw new InvalidInputException(
          "--oracle: expected a dump of at most %d scores, got %d"
              .formatted(MOST_SCORES_OF_ORACLE, scores));
    }
    return oracle ? Digits.FIFTY : Digits.DOUBLE;
  }

  private static ReportFile ofSvg(String name) {
    if (!name.toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw new InvalidInputException(
          "--picture: expected a name that ends in .svg, got '" + name + "'");
    }
    return ReportFile.given("--picture", name);
  }

  private Set<Stage> wanted() {
    if (stages.isEmpty()) {
      return EnumSet.allOf(Stage.class);
    }
    Set<Stage> wanted = EnumSet.noneOf(Stage.class);
    for (String name : stages) {
      wanted.add(
          Arrays.stream(Stage.values())
              .filter(stage -> stage.option().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "--stages: expected some of %s, got '%s'"
                              .formatted(Stage.options(), name))));
    }
    return wanted;
  }
}
