package dev.helix.runtime.cli.laws;

import dev.helix.laws.LawSuite;
import dev.helix.laws.UnderTest;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.output.JsonOption;
import dev.helix.runtime.cli.output.Report;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code helix museum}, which shows faults that were shipped, and which law finds
 * which.
 */
@Command(
    name = "museum",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs faulty variants of the parts of a sharded decode, as serving systems have shipped"
          + " them, and says which law finds which fault.",
      "The exit status is 0 if every fault is found, 1 if one is not, 2 if something that was given"
          + " is wrong, and 3 if the command failed."
    })
public final class MuseumCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--list",
      description = "Tell where each fault was seen and what went wrong, and run nothing.")
  private boolean list;

  @Mixin private CaseOptions asked;

  @Mixin private JsonOption json;

  /** Creates the command, which prints to the console. */
  public MuseumCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (list) {
      GivenOptions given = new GivenOptions(spec);
      given.refuse("with --list", CaseOptions.NAMES);
      given.refuse("with --list", "--json");
      console.out().print(MuseumGuide.of(Museum.exhibits()));
      return ExitStatus.DONE;
    }
    int cases = asked.cases();
    Trials trials = new Trials(asked.laws());
    Report report = json.report(console);
    Map<String, List<UnderTest>> all = new LinkedHashMap<>();
    for (Exhibit exhibit : Museum.exhibits()) {
      all.put(exhibit.name(), exhibit.variants());
    }
    // Causes are not searched for, as an exhibit is there to break a law.
    trials.run(
        "museum", all, (law, variant) -> LawSuite.verdict(law, variant, asked.seed(), cases));
    all.values().removeIf(variants -> !trials.concern(variants));
    int status =
        say(
            List.copyOf(all.keySet()),
            trials,
            asked.areNamed() ? "not killed by the laws that were tried: " : "no law kills: ",
            report.console());
    report.write(() -> new MuseumReport(asked.seed(), cases, trials.outcomes()));
    return status;
  }

  /**
   * Prints the table and the faults that survive, and gives the exit status.
   *
   * @param survival the words before the name of a fault that no law of these trials finds
   */
  private static int say(List<String> faults, Trials trials, String survival, Console words) {
    PrintStream out = words.out();
    out.print(trials.matrix().kills());
    out.println();
    List<String> survivors =
        faults.stream().filter(name -> trials.matrix().broken(name).isEmpty()).toList();
    survivors.forEach(name -> words.complain(survival + name));
    out.printf(
        "%d of %d faults killed; x: this law kills it; %s%n",
        faults.size() - survivors.size(), faults.size(), trials.speed());
    return survivors.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }
}
