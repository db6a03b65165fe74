package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.UnderTest;
import dev.helix.laws.merge.ForeignProgram;
import dev.helix.laws.merge.MergeCases;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.laws.readings.BuiltInAttention;
import dev.helix.laws.readings.BuiltInMerges;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.report.JsonFile;
import dev.helix.tensor.InvalidInputException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code helix laws}: the law suite against the built-in merges, the museum, or any program. */
@Command(
    name = "laws",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Holds merges of partial attention against their laws: this project's own, the museum of"
          + " shipped faults, or any program.",
      "Exit status: 0 all laws hold (with --museum: every fault is found), 1 not so, 2 bad input, 3"
          + " a program did not answer."
    })
public final class LawsCommand implements Callable<Integer> {
  private static final int MOST_CASES = 100_000;
  private static final String[] ALL_BUT_LIST =
      Stream.concat(
              Stream.of("--law", "--seed", "--cases", "--json", "--exec"),
              Arrays.stream(ProgramOptions.NAMES))
          .toArray(String[]::new);

  private final PrintStream out;
  private final PrintStream err;
  private final List<LawsReport.Outcome> report = new ArrayList<>();

  @Option(
      names = "--museum",
      description = "Run the faulty variants, and say which law kills which.")
  private boolean museum;

  @Option(
      names = "--list",
      description =
          "Say what the laws are, or with --museum what the faults were, and run nothing.")
  private boolean list;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description = "Run this law alone; may be repeated.")
  private List<String> names = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where random cases begin (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Cases of each law, first every hard case, of which none is left out, then random ones"
              + " (default: ${DEFAULT-VALUE}).")
  private int cases;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all outcomes.")
  private Optional<String> json;

  @Mixin private ProgramOptions exec;

  @Spec private CommandSpec spec;

  /**
   * The command, as yet without its options.
   *
   * @param out where tables go
   * @param err where progress and warnings go
   */
  public LawsCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    if (list) {
      new GivenOptions(spec).refuse("with --list", ALL_BUT_LIST);
      out.print(museum ? MuseumGuide.of(Museum.exhibits()) : LawMatrix.list());
      return ExitStatus.DONE;
    }
    if (cases < 1 || cases > MOST_CASES) {
      throw new InvalidInputException(
          "--cases: expected 1 to %d, got %d".formatted(MOST_CASES, cases));
    }
    List<Law> laws = chosen();
    Optional<JsonFile> file = json.map(path -> JsonFile.at(Paths.given("--json", path)));
    if (exec.isGiven() && museum) {
      throw new InvalidInputException("--museum and --exec: expected one of them");
    }
    if (!exec.isGiven()) {
      new GivenOptions(spec).refuse("without --exec", ProgramOptions.NAMES);
    }
    int status = exec.isGiven() ? program(laws) : museum ? museum(laws) : builtIn(laws);
    if (status != ExitStatus.FAILED) {
      file.ifPresent(place -> place.write(new LawsReport(seed, cases, report)));
    }
    return status;
  }

  private int builtIn(List<Law> laws) {
    Map<String, UnderTest> all = new LinkedHashMap<>(BuiltInMerges.all());
    all.putAll(BuiltInAttention.all());
    all.putAll(Museum.originals());
    all.values().removeIf(variant -> !ran(laws, variant));
    LawMatrix matrix = new LawMatrix();
    long start = System.nanoTime();
    Map<String, List<UnderTest>> subjects = new LinkedHashMap<>();
    all.forEach((name, variant) -> subjects.put(name, List.of(variant)));
    run("laws", subjects, laws, matrix);
    return verdict(all.keySet(), matrix, start);
  }

  private int museum(List<Law> laws) {
    Map<String, List<UnderTest>> all = new LinkedHashMap<>();
    for (Exhibit exhibit : Museum.exhibits()) {
      all.put(exhibit.name(), exhibit.variants());
    }
    LawMatrix matrix = new LawMatrix();
    long start = System.nanoTime();
    run("museum", all, laws, matrix);
    out.print(matrix.kills());
    out.println();
    List<String> survivors =
        all.keySet().stream()
            .filter(name -> ran(laws, all.get(name)) && matrix.broken(name).isEmpty())
            .toList();
    long shown = all.values().stream().filter(variants -> ran(laws, variants)).count();
    survivors.forEach(name -> err.println("helix: no law kills: " + name));
    out.printf(
        "%d of %d faults killed; x: this law kills it; %s%n",
        shown - survivors.size(), shown, speed(matrix, start));
    return survivors.isEmpty() ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }

  private static boolean ran(List<Law> laws, List<UnderTest> variants) {
    return variants.stream().anyMatch(variant -> ran(laws, variant));
  }

  private static boolean ran(List<Law> laws, UnderTest variant) {
    return laws.stream().anyMatch(law -> law.seam() == variant.seam());
  }

  private void run(
      String task, Map<String, List<UnderTest>> all, List<Law> laws, LawMatrix matrix) {
    try (Progress progress = new Progress(task, (long) all.size() * laws.size())) {
      for (Map.Entry<String, List<UnderTest>> one : all.entrySet()) {
        for (Law law : laws) {
          for (UnderTest variant : one.getValue()) {
            if (law.seam() == variant.seam()) {
              keep(one.getKey(), outcome(law, variant), matrix);
            }
          }
          progress.step(1);
        }
      }
    }
  }

  /** What breaks a law is looked into, unless it is an exhibit, which is there to break one. */
  private LawOutcome outcome(Law law, UnderTest variant) {
    return museum
        ? LawSuite.verdict(law, variant, seed, cases)
        : LawSuite.run(law, variant, seed, cases);
  }

  private int program(List<Law> laws) {
    List<Law> merging = laws.stream().filter(law -> law.seam() == Seam.MERGE).toList();
    if (merging.isEmpty()) {
      throw new InvalidInputException(
          "--law: expected, for --exec, one of the laws of the merge, associative to"
              + " nan-is-reported");
    }
    ForeignProgram foreign = exec.program();
    LawMatrix matrix = new LawMatrix();
    long start = System.nanoTime();
    try (Progress progress = new Progress("laws", (long) merging.size() * cases)) {
      for (LawOutcome outcome : foreign.run(merging, MergeCases.of(seed, cases), progress::step)) {
        keep("program", outcome, matrix);
      }
    } catch (ForeignProgram.Failure e) {
      err.println("helix: --exec: " + e.getMessage());
      out.println("NO VERDICT: the program did not answer");
      return ExitStatus.FAILED;
    }
    return verdict(List.of("program"), matrix, start);
  }

  /** The shares of bounds, and whether all laws hold. */
  private int verdict(Collection<String> names, LawMatrix matrix, long start) {
    out.print(matrix.shares());
    out.println();
    boolean held = true;
    for (String name : names) {
      held &= explain(name, matrix.broken(name));
    }
    out.println(
        (held ? "all laws hold" : "NOT ALL LAWS HOLD")
            + "; shares are of the derived bound; "
            + speed(matrix, start));
    return held ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
  }

  private List<Law> chosen() {
    if (names.isEmpty()) {
      return List.of(Law.values());
    }
    return names.stream().map(LawsCommand::named).distinct().toList();
  }

  private static Law named(String name) {
    return Arrays.stream(Law.values())
        .filter(law -> law.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--law: expected one of %s, got '%s'"
                        .formatted(
                            Arrays.stream(Law.values())
                                .map(Law::label)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  private void keep(String implementation, LawOutcome outcome, LawMatrix matrix) {
    matrix.add(implementation, outcome);
    report.add(LawsReport.Outcome.of(implementation, outcome));
  }

  /** Whether nothing was broken; else says what, one line each. */
  private boolean explain(String implementation, List<LawOutcome> broken) {
    for (LawOutcome outcome : broken) {
      err.println("helix: " + implementation + ": " + outcome.violation().orElseThrow());
    }
    return broken.isEmpty();
  }

  private static String speed(LawMatrix matrix, long start) {
    long done = matrix.outcomes().stream().mapToLong(LawOutcome::cases).sum();
    double seconds = (System.nanoTime() - start) / 1e9;
    return String.format(Locale.ROOT, "%d cases, %.0f cases/s", done, done / seconds);
  }
}
