package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.foreign.ForeignProgram;
import dev.helix.laws.museum.Museum;
import dev.helix.laws.readings.BuiltInAttention;
import dev.helix.laws.readings.BuiltInMerges;
import dev.helix.laws.readings.BuiltInPlacements;
import dev.helix.laws.readings.BuiltInRouters;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.JsonOption;
import dev.helix.runtime.cli.option.Report;
import dev.helix.tensor.InvalidInputException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      "Holds this project's own merges, kernels and decode against their laws, or the merge of any"
          + " program.",
      "The exit status is 0 if all laws hold, 1 if one is broken, 2 if something that was given is"
          + " wrong, and 3 if a program under test did not answer or the command failed."
    })
public final class LawsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(names = "--list", description = "Say what the laws are, and run nothing.")
  private boolean list;

  @Mixin private CaseOptions asked;

  @Mixin private JsonOption json;

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
      given.refuse("with --list", "--json", "--exec");
      given.refuse("with --list", ProgramOptions.NAMES);
      console.out().print(LawMatrix.list());
      return ExitStatus.DONE;
    }
    if (!exec.isGiven()) {
      given.refuse("without --exec", ProgramOptions.NAMES);
    }
    int cases = asked.cases();
    List<Law> laws = asked.laws();
    Report report = json.report(console);
    Trials trials = new Trials(exec.isGiven() ? ofMerges(laws) : laws);
    int status;
    try {
      status =
          exec.isGiven()
              ? program(trials, cases, report.console())
              : builtIn(trials, cases, report.console());
    } catch (ForeignProgram.Failure e) {
      report.console().complain("--exec: " + e.getMessage());
      report.console().out().println("NO VERDICT: the program did not answer");
      return ExitStatus.FAILED;
    }
    report.write(() -> new LawsReport(asked.seed(), cases, trials.outcomes(), trials.causes()));
    return status;
  }

  private int builtIn(Trials trials, int cases, Console words) {
    Map<String, List<UnderTest>> all = new LinkedHashMap<>();
    BuiltInMerges.all().forEach((name, merge) -> all.put(name, List.of(merge)));
    BuiltInAttention.all().forEach((name, kernel) -> all.put(name, List.of(kernel)));
    BuiltInPlacements.all().forEach((name, rule) -> all.put(name, List.of(rule)));
    BuiltInRouters.all().forEach((name, router) -> all.put(name, List.of(router)));
    Museum.originals().forEach((name, original) -> all.put(name, List.of(original)));
    all.values().removeIf(variants -> !trials.concern(variants));
    trials.run("laws", all, (law, variant) -> LawSuite.run(law, variant, asked.seed(), cases));
    all.forEach(
        (name, variants) ->
            variants.forEach(variant -> trials.findCauses(name, variant, asked.seed(), cases)));
    return say(all.keySet(), trials, words);
  }

  private int program(Trials trials, int cases, Console words) {
    ForeignProgram foreign = exec.program();
    try (Progress progress = new Progress("laws", (long) trials.laws().size() * cases)) {
      LawFindings findings =
          foreign.run(trials.laws(), MergeCases.of(asked.seed(), cases), progress::step);
      findings.outcomes().forEach(outcome -> trials.keep("program", outcome));
      trials.keepCauses("program", findings.causes());
    }
    return say(List.of("program"), trials, words);
  }

  /** The laws of the merge among some laws, as a program has no kernel and no decode. */
  private static List<Law> ofMerges(List<Law> laws) {
    List<Law> merging = laws.stream().filter(law -> law.seam() == Seam.MERGE).toList();
    if (merging.isEmpty()) {
      throw new InvalidInputException(
          "--law or --seam: expected, for --exec, one of the laws of the merge, associative to"
              + " nan-is-reported");
    }
    return merging;
  }

  /** Prints the shares of bounds and each cause of broken laws, and gives the exit status. */
  private static int say(Collection<String> names, Trials trials, Console words) {
    words.out().print(trials.matrix().shares());
    words.out().println();
    boolean held = true;
    for (String name : names) {
      trials.sentences(name).forEach(sentence -> words.complain(name + ": " + sentence));
      held &= trials.matrix().broken(name).isEmpty();
    }
    words
        .out()
        .println(
            (held ? "all laws hold" : "NOT ALL LAWS HOLD")
                + "; shares are of the derived bound; "
                + trials.speed());
    return held ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }
}
