package dev.helix.runtime.cli.golden;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.files.AttentionFiles;
import dev.helix.laws.golden.GoldenAttention;
import dev.helix.laws.golden.GoldenMerge;
import dev.helix.laws.golden.GoldenSeam;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.option.ConventionName;
import dev.helix.runtime.cli.option.Paths;
import dev.helix.runtime.cli.option.number.GivenNumber;
import dev.helix.runtime.cli.option.number.SeedOption;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code helix golden}, which writes cases with their true answers and bounds. */
@Command(
    name = "golden",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes cases of a merge or of partial attention with correctly rounded answers and a bound"
          + " for each element, to be checked by eleven lines of NumPy in any CI, without Java.",
      "The same options give the same bytes. The README that is written says how to read them."
    })
public final class GoldenCommand implements Callable<Integer> {
  private static final int MOST_CASES = 10_000;

  private final Console console;

  @Option(
      names = "--convention",
      paramLabel = "NAME",
      defaultValue = "own",
      description =
          "Use the convention of this system: "
              + ConventionName.SYSTEMS
              + ", or own (default: ${DEFAULT-VALUE}).")
  private String named;

  @Option(
      names = "--seam",
      paramLabel = "NAME",
      defaultValue = "merge",
      description = "Write cases of this seam: merge or attention (default: ${DEFAULT-VALUE}).")
  private String seam;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description =
          "Write this directory, which is made if its parent exists. It may be empty, or hold"
              + " golden cases, which are then replaced.")
  private String out;

  @Mixin private SeedOption seed;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Write at most this many cases, from 1 to "
              + MOST_CASES
              + ", the hard ones first (default: ${DEFAULT-VALUE}).")
  private int cases;

  /** Creates the command, which prints to the console. */
  public GoldenCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    GivenNumber.requireWithin("--cases", cases, 1, MOST_CASES);
    Convention convention = ConventionName.spelled(named);
    GoldenFolder folder = new GoldenFolder(Paths.given("--out", out));
    GoldenSeam<?, ?, ?> golden =
        switch (seam) {
          case "merge" -> merge(convention, folder);
          case "attention" -> attention(convention, folder);
          default ->
              throw new InvalidInputException(
                  "--seam: expected merge or attention, got '" + seam + "'");
        };
    console
        .out()
        .println(
            "wrote %s of %s to %s%s"
                .formatted(
                    counted(golden.cases(), "case"),
                    counted(golden.questions().size(), "question"),
                    out,
                    golden.cases() < cases ? "; there are no more for this seed and seam" : ""));
    return ExitStatus.DONE;
  }

  private static String counted(int count, String thing) {
    return "%d %s%s".formatted(count, thing, count == 1 ? "" : "s");
  }

  private GoldenMerge merge(Convention convention, GoldenFolder folder) {
    GoldenMerge golden = new GoldenMerge(convention, seed.seed(), cases);
    SafetensorsWriter asked = described();
    SafetensorsWriter expected = described();
    golden.addCases(asked);
    golden.addExpected(expected);
    BenchForm bench = new BenchForm(convention);
    for (int number = 0; number < golden.questions().size(); number++) {
      bench.add(number, golden.questions().get(number));
    }
    folder.write(readMe(convention), asked, expected, bench);
    return golden;
  }

  private GoldenAttention attention(Convention convention, GoldenFolder folder) {
    Set<AttentionFeature> features = EnumSet.copyOf(AttentionFeature.withoutRotation());
    features.remove(AttentionFeature.MILLION_TOKENS);
    GoldenAttention golden = new GoldenAttention(convention, features, seed.seed(), cases);
    SafetensorsWriter asked = described();
    SafetensorsWriter expected = described();
    golden.addCases(asked);
    golden.addExpected(expected);
    BenchForm bench = new BenchForm(AttentionFiles.ofStates(convention));
    for (int number = 0; number < golden.questions().size(); number++) {
      bench.add(number, golden.questions().get(number));
    }
    folder.write(readMe(convention), asked, expected, bench);
    return golden;
  }

  private SafetensorsWriter described() {
    return new SafetensorsWriter()
        .metadata("convention", named)
        .metadata("seed", String.valueOf(seed.seed()));
  }

  private ReadMe readMe(Convention convention) {
    return new ReadMe(seam, convention.description());
  }
}
