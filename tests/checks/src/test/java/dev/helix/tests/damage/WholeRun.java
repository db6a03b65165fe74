package dev.helix.tests.damage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The program as a process on a model's folder in which one or two files are damaged. */
final class WholeRun {
  private static final int HEAP_MEGABYTES = 512;
  private static final long MAX_RESIDENT_BYTES = 3L << 29;

  /** Only a program that hangs needs as long. */
  private static final int DEADLINE_SECONDS = 1_200;

  private static final List<String> COMMANDS =
      List.of(
          "decode --max-new 2 --no-verify --reading exact --tokens 1,4,37",
          "decode --max-new 2 --no-verify --reading exact --prompt Where",
          "decode --max-new 2 --no-verify --reading exact --prompt Where --prompt Ada",
          "decode --max-new 1 --tokens 1,15 --prompt a",
          "time");

  /** The share of each command, in runs of sixteen; a verified decode takes the longest. */
  private static final int[] SHARES = {6, 4, 3, 1, 2};

  /** A comparison that fails because of numbers without a range, and of nothing else. */
  private static final Pattern OUT_OF_RANGE =
      Pattern.compile(": FAILED: \\d+ compared, 0 beyond bound, [1-9]\\d* not finite");

  private final Path folder;
  private final Path said;

  private WholeRun(Path folder, Path said) {
    this.folder = folder;
    this.said = said;
  }

  /**
   * The faults of the run of a seed, which keeps the law if there is none.
   *
   * @param folder for the run alone; empty
   */
  static Optional<String> fault(long seed, Path folder) throws IOException, InterruptedException {
    Path model = folder.resolve("model");
    WholeRun run = new WholeRun(model, Files.createDirectory(folder.resolve("said")));
    SplittableRandom random = new SplittableRandom(seed);
    DamagedFile first = DamagedFile.of(random);
    first.files().write(model);
    Files.write(model.resolve(first.name()), first.bytes());
    if (random.nextInt(5) == 0) {
      DamagedFile second = DamagedFile.of(random);
      Files.write(model.resolve(second.name()), second.bytes());
    }
    Optional<String> fault = run.run(command(random));
    return fault.map(what -> "run of seed %d: %s".formatted(seed, what));
  }

  private Optional<String> run(String command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(said.resolve("memory").toString()));
    words.addAll(List.of(command.split(" ")));
    words.addAll(List.of("--model", folder.toString()));
    Process process =
        JavaProcess.of(HEAP_MEGABYTES, PeakMemory.class, words.toArray(String[]::new))
            .redirectOutput(said.resolve("out").toFile())
            .redirectError(said.resolve("err").toFile())
            .start();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return Optional.of(command + " hangs");
    }
    String errors = Files.readString(said.resolve("err"), StandardCharsets.UTF_8);
    return broken(process.exitValue(), errors)
        .or(this::tooMuchMemory)
        .map(fault -> "%s: status %d: %s".formatted(command, process.exitValue(), fault));
  }

  private Optional<String> broken(int status, String errors) throws IOException {
    return switch (status) {
      case 0 -> {
        boolean silent = Files.size(said.resolve("out")) == 0;
        yield silent ? Optional.of("nothing is printed") : Optional.empty();
      }
      case 2 -> {
        // Words that the tokenizer does not know are warned of before.
        List<String> refusals =
            errors.lines().filter(line -> !line.startsWith("helix: warning: ")).toList();
        String refusal = String.join("\n", refusals);
        boolean foreign = refusal.contains("Exception") || refusal.contains("\tat ");
        if (foreign || !refusal.startsWith("helix: ")) {
          yield Optional.of("foreign: " + refusal);
        }
        // A model that is read may not fit what the options ask for; that is about an option.
        boolean ofAnOption = refusal.startsWith("helix: --");
        yield LoaderLaw.brokenBy(ofAnOption ? "--" : folder.toString(), refusal);
      }
      // The numbers of a damaged model can leave every range; the line says where they did.
      case 3 -> {
        boolean ofARank = errors.matches("helix: rank \\d+, [^\\n]*\\R?");
        yield ofARank ? LoaderLaw.brokenBy("rank", errors.strip()) : Optional.of(errors);
      }
      // Or the range of the bounds, so that nothing is verified: nothing, but not wrong either.
      case 1 -> wronglyUnverified(errors);
      default -> Optional.of(errors.length() <= 1_000 ? errors : errors.substring(0, 1_000));
    };
  }

  /** What a run may not end with that is not verified: anything but numbers that are not finite. */
  static Optional<String> wronglyUnverified(String errors) {
    List<String> reasons =
        errors.lines().filter(line -> !line.startsWith("helix: warning: ")).toList();
    if (reasons.isEmpty()) {
      return Optional.of("not verified, and no reason is given");
    }
    return reasons.stream().filter(line -> !OUT_OF_RANGE.matcher(line).find()).findFirst();
  }

  private Optional<String> tooMuchMemory() {
    try {
      long most = Long.parseLong(Files.readString(said.resolve("memory")));
      return most > MAX_RESIDENT_BYTES
          ? Optional.of("the process has taken %d bytes".formatted(most))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("the process left no word of its memory: " + e);
    }
  }

  private static String command(SplittableRandom random) {
    int at = random.nextInt(16);
    int command = 0;
    while (at >= SHARES[command]) {
      at -= SHARES[command++];
    }
    return COMMANDS.get(command);
  }
}
