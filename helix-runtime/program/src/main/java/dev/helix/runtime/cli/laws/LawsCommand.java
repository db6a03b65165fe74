package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.foreign.ProgramFailure;
import dev.helix.laws.kept.KeptFile;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import dev.helix.tensor.InvalidInputException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code helix laws}, which tests what is built in, or any program, by the laws. */
@Command(
    name = "laws",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tests by laws the merge of any program, or this project's own merges, kernels, placements,"
          + " caches, routers, heads, decodes and strategies.",
      "The exit status is 0 if all laws that could be checked hold, 1 if one is broken, 2 if none"
          + " could be checked or something that was given is wrong, and 3 if a program under test"
          + " did not answer or the command failed."
    })
public final class LawsCommand implements Callable<Integer> {
  private static final String IMPLEMENTATION = "--implementation";

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(names = "--list", description = "Say what the laws are, and run nothing.")
  private boolean list;

  @Mixin private CaseOptions asked;

  @Mixin private JsonOption json;

  @Option(
      names = IMPLEMENTATION,
      paramLabel = "NAME",
      description =
          "Test only this one of the project's own implementations by the laws (default: all"
              + " of them).")
  private Optional<String> implementation;

  @Mixin private KeepOption keep;

  @Mixin private ReplayOption replay;

  @Mixin private PythonOption python;

  @Mixin private ProgramOptions exec;

  /** Creates the command, which prints to the console. */
  public LawsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    GivenOptions given = new GivenOptions(spec);
    if (list) {
      given.refuse("with --list", CaseOptions.NAMES);
      given.refuse("with --list", "--json", "--exec", ConventionOptions.DESCRIBE, IMPLEMENTATION);
      given.refuse("with --list", KeepOption.NAME, ReplayOption.NAME, PythonOption.NAME);
      given.refuse("with --list", ProgramOptions.NAMES);
      console.out().print(LawMatrix.list());
      return ExitStatus.DONE;
    }
    if (exec.describes()) {
      given.refuse("with --describe", "--json", "--exec", IMPLEMENTATION);
      given.refuse("with --describe", CaseOptions.NAMES);
      given.refuse("with --describe", KeepOption.NAME, ReplayOption.NAME, PythonOption.NAME);
      console.out().print(exec.declaration().convention().description());
      return ExitStatus.DONE;
    }
    if (python.isGiven()) {
      given.refuse("with --python", CaseOptions.NAMES);
      given.refuse("with --python", "--json", "--exec", IMPLEMENTATION);
      given.refuse("with --python", KeepOption.NAME, ReplayOption.NAME);
      given.refuse("with --python", ProgramOptions.NAMES);
      console.out().println(python.write());
      return ExitStatus.DONE;
    }
    if (exec.isGiven()) {
      given.refuse("with --exec", IMPLEMENTATION);
    } else {
      given.refuse("without --exec", ProgramOptions.NAMES);
    }
    if (replay.isGiven()) {
      given.refuse("with --replay", CaseOptions.NAMES);
      given.refuse("with --replay", KeepOption.NAME);
      replay.refuse(given);
    }
    if (exec.isParent()) {
      given.refuse("with --exec -", "--json");
    }
    Report report = json.report(exec.isParent() ? console.onlyErrors() : console);
    try {
      return replay.isGiven() ? again(report) : run(report);
    } catch (ProgramFailure e) {
      report.console().complain("--exec: " + e.getMessage());
      report.console().out().println("NO VERDICT: the program did not answer");
      return ExitStatus.FAILED;
    }
  }

  private int run(Report report) {
    int cases = asked.cases();
    List<Law> laws = asked.laws();
    Trials trials = new Trials(exec.isGiven() ? ofOneSeam(laws) : laws);
    keep.tryDirectory();
    int status =
        exec.isGiven()
            ? program(trials, cases, report.console())
            : builtIn(trials, cases, report.console());
    report.write(
        () ->
            new LawsReport(
                asked.seed(),
                cases,
                trials.conclusion().passed(),
                trials.largest(),
                trials.outcomes(),
                trials.causes()));
    return status;
  }

  private int builtIn(Trials trials, int cases, Console words) {
    Map<String, UnderTest> all =
        implementation
            .map(name -> Map.of(name, BuiltInSubjects.named(IMPLEMENTATION, name)))
            .orElseGet(BuiltInSubjects::all);
    Map<String, List<UnderTest>> concerned = new LinkedHashMap<>();
    all.forEach((name, subject) -> concerned.put(name, List.of(subject)));
    concerned.values().removeIf(variants -> !trials.concern(variants));
    if (concerned.isEmpty()) {
      throw new InvalidInputException(
          "%s: expected one that a given law is about, got '%s'"
              .formatted(IMPLEMENTATION, implementation.orElseThrow()));
    }
    trials.run("laws", concerned, (law, one) -> LawSuite.run(law, one, asked.seed(), cases));
    int kept = 0;
    for (String name : concerned.keySet()) {
      trials.findCauses(name, all.get(name), asked.seed(), cases);
      trials.keepLargest(all.get(name), asked.seed(), cases);
      kept += keep.keep(name, all.get(name), trials.matrix().broken(name), asked);
    }
    return say(concerned.keySet(), trials, kept, words);
  }

  private int program(Trials trials, int cases, Console words) {
    Seam seam = trials.laws().get(0).seam();
    exec.refuse(new GivenOptions(spec), seam);
    ForeignProgram<?, ?, ?> foreign = exec.program(seam);
    trials.keepReasons(law -> exec.whyNotTried(law, foreign));
    try (Progress progress =
        new Progress("laws", foreign.trials(trials.laws(), asked.seed(), cases))) {
      trials.keep(
          ReplayOption.PROGRAM, foreign.run(trials.laws(), asked.seed(), cases, progress::step));
    }
    // The laws of this subject draw its cases, but it is not called any more.
    UnderTest drawing = exec.drawing(seam, foreign);
    trials.keepLargest(drawing, asked.seed(), cases);
    List<LawOutcome> broken = trials.matrix().broken(ReplayOption.PROGRAM);
    int kept = keep.keep(ReplayOption.PROGRAM, drawing, broken, asked);
    return say(List.of(ReplayOption.PROGRAM), trials, kept, words);
  }

  /** Runs one kept case. */
  private int again(Report report) {
    KeptFile file = replay.file();
    Trials trials = new Trials(List.of(file.kept().law()));
    String name = exec.isGiven() ? ReplayOption.PROGRAM : keptOf(file);
    LawFindings found =
        exec.isGiven()
            ? replay.run(file, exec)
            : replay.run(file, BuiltInSubjects.named(IMPLEMENTATION, name));
    trials.keep(name, found);
    int status = say(List.of(name), trials, 0, report.console());
    report.console().out().println(ReplayOption.compared(file, found.outcomes().get(0)));
    report.write(
        () ->
            new LawsReport(
                file.kept().drawn().seed(),
                1,
                trials.conclusion().passed(),
                trials.largest(),
                trials.outcomes(),
                trials.causes()));
    return status;
  }

  private String keptOf(KeptFile file) {
    String name = implementation.orElse(file.kept().implementation());
    if (name.equals(ReplayOption.PROGRAM)) {
      throw new InvalidInputException(
          ReplayOption.NAME + ": expected --exec or --implementation for a case of a program");
    }
    return name;
  }

  /** Laws that a program can be held against: those of the merge if none were named. */
  private List<Law> ofOneSeam(List<Law> laws) {
    List<Law> tried = asked.areNamed() ? laws : Law.at(Seam.MERGE);
    Seam seam = tried.get(0).seam();
    if (!ProgramOptions.SEAMS.contains(seam)
        || tried.stream().anyMatch(law -> law.seam() != seam)) {
      throw new InvalidInputException(
          "--law or --seam: expected, for --exec, laws of one of the seams merge, attention,"
              + " placement and routing, got "
              + asked.named());
    }
    return tried;
  }

  /** Prints the shares of bounds and each cause of broken laws, and gives the exit status. */
  private int say(Collection<String> names, Trials trials, int kept, Console words) {
    words.out().print(trials.matrix().shares());
    words.out().println();
    trials.largestInWords().forEach(words.out()::println);
    trials.reasons().forEach(words.out()::println);
    for (String name : names) {
      trials.sentences(name).forEach(sentence -> words.complain(name + ": " + sentence));
    }
    if (kept > 0) {
      words.out().println(keep.sentence(kept));
    }
    LawsConclusion conclusion = trials.conclusion();
    words.out().println(conclusion.line(trials.speed()));
    return conclusion.status();
  }
}
