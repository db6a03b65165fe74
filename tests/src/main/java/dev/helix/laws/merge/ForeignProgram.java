package dev.helix.laws.merge;

import dev.helix.attention.merge.LogBase;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawViolation;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A merge that is any program: it is started with a file of cases and the name of the file to write
 * its answers to, both safetensors, once for each round of questions.
 *
 * <p>Cases: for each {@code N} of {@code 0..cases-1} the tensors {@code N.outputs} {@code [shards,
 * tokens, heads, dim]} and {@code N.lses} {@code [shards, tokens, heads]}, in the declared order of
 * axes. Metadata: {@code cases}; {@code layout} ({@code tokens-first} or {@code heads-first}),
 * {@code base} ({@code e} or {@code 2}), {@code empty}, the LSE of a shard without tokens. Answers:
 * {@code N.outputs} {@code [tokens, heads, dim]}, {@code N.lses} {@code [tokens, heads]}.
 */
public final class ForeignProgram {
  private static final int QUOTED = 200;

  private final String command;
  private final Convention convention;
  private final long timeoutSeconds;

  /**
   * @param command for the shell; the two file names are appended
   * @param timeoutSeconds for each start of the program
   */
  public ForeignProgram(String command, Convention convention, long timeoutSeconds) {
    this.command = command;
    this.convention = convention;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** The program did not do its part: it crashed, was late, or left no file that can be read. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /**
   * Holds the program against laws.
   *
   * @param settled told how many trials of the laws have ended, each time some have
   * @return one outcome for each law; the first violation of each
   * @throws Failure in one line, if the program did not do its part
   */
  public List<LawOutcome> run(List<Law> laws, List<MergeCase> cases, IntConsumer settled) {
    List<Replay> replays = new ArrayList<>();
    for (Law law : laws) {
      for (MergeCase given : cases) {
        replays.add(new Replay(law, given, convention));
      }
    }
    List<Replay> open = replays;
    for (int round = 1; !open.isEmpty(); round++) {
      open.forEach(Replay::run);
      int before = open.size();
      open = open.stream().filter(replay -> replay.outcome().isEmpty()).toList();
      settled.accept(before - open.size());
      if (!open.isEmpty()) {
        answer(open, round);
      }
    }
    return summary(laws, replays);
  }

  private List<LawOutcome> summary(List<Law> laws, List<Replay> replays) {
    Map<Law, LawOutcome> outcomes = new EnumMap<>(Law.class);
    for (Replay replay : replays) {
      outcomes.merge(replay.law(), replay.outcome().orElseThrow(), LawOutcome::and);
    }
    return laws.stream()
        .map(
            law ->
                Optional.ofNullable(outcomes.get(law))
                    .map(LawOutcome::concluded)
                    .orElse(LawOutcome.notChecked(law)))
        .toList();
  }

  private void answer(List<Replay> open, int round) {
    try {
      Path directory = Files.createTempDirectory("helix-laws-");
      Path questions = directory.resolve("cases.safetensors");
      Path answers = directory.resolve("answers.safetensors");
      Path log = directory.resolve("log");
      try {
        write(open, questions);
        start(questions, answers, log, round);
        read(open, answers);
      } finally {
        for (Path file : List.of(questions, answers, log)) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(List<Replay> open, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    int number = 0;
    for (Replay replay : open) {
      for (Stack stack : replay.questions()) {
        PartialStack declared = stack.declared();
        boolean tokensFirst = convention.order() == AxisOrder.TOKENS_FIRST;
        int outer = tokensFirst ? stack.tokens : stack.heads;
        int inner = tokensFirst ? stack.heads : stack.tokens;
        writer
            .tensor(
                number + ".outputs",
                convention.precision().output(),
                List.of(stack.shards, outer, inner, stack.dim),
                declared.outputs())
            .tensor(
                number + ".lses",
                convention.precision().lse(),
                List.of(stack.shards, outer, inner),
                declared.lses());
        number++;
      }
    }
    writer
        .metadata("cases", String.valueOf(number))
        .metadata(
            "layout", convention.order() == AxisOrder.TOKENS_FIRST ? "tokens-first" : "heads-first")
        .metadata("base", convention.base() == LogBase.E ? "e" : "2")
        .metadata("empty", empty(convention.emptyLse()))
        .write(file);
  }

  /** As every language reads it. */
  private static String empty(double lse) {
    return Double.isInfinite(lse) ? (lse < 0 ? "-inf" : "inf") : String.valueOf(lse);
  }

  private void start(Path questions, Path answers, Path log, int round) throws IOException {
    Process process =
        new ProcessBuilder(
                "sh", "-c", command + " \"$0\" \"$1\"", questions.toString(), answers.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(questions.toFile()))
            .start();
    try {
      if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        throw new Failure(
            "late: no answer within %d s, in round %d".formatted(timeoutSeconds, round));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted while the program ran");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new Failure(
          "crashed: exit status %d in round %d, its last words: %s"
              .formatted(process.exitValue(), round, lastLine(log)));
    }
    if (!Files.isRegularFile(answers)) {
      throw new Failure(
          "missing: the program ended well and wrote no file of answers, in round " + round);
    }
  }

  private static String lastLine(Path log) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    String text = new String(bytes, StandardCharsets.UTF_8);
    String last = text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("none");
    return last.length() <= QUOTED ? last : last.substring(0, QUOTED) + "…";
  }

  private void read(List<Replay> open, Path answers) {
    try (SafetensorsFile file = SafetensorsFile.open(answers)) {
      int number = 0;
      for (Replay replay : open) {
        for (Stack stack : replay.questions()) {
          replay.answer(answer(file, number, stack));
          number++;
        }
      }
    } catch (InvalidInputException e) {
      throw new Failure("malformed: " + e.getMessage());
    }
  }

  private Supplier<Answer> answer(SafetensorsFile file, int number, Stack stack) {
    boolean tokensFirst = convention.order() == AxisOrder.TOKENS_FIRST;
    long outer = tokensFirst ? stack.tokens : stack.heads;
    long inner = tokensFirst ? stack.heads : stack.tokens;
    try {
      double[] outputs = tensor(file, number + ".outputs", List.of(outer, inner, (long) stack.dim));
      double[] lses =
          convention.returnsLse()
              ? tensor(file, number + ".lses", List.of(outer, inner))
              : new double[0];
      Answer answer = Answer.read(stack, new Partial(outputs, lses));
      return () -> answer;
    } catch (LawViolation e) {
      return () -> {
        throw e;
      };
    }
  }

  private static double[] tensor(SafetensorsFile file, String name, List<Long> shape) {
    Optional<String> problem = Optional.empty();
    if (!file.has(name)) {
      problem = Optional.of("there is no tensor " + name);
    } else if (!file.shape(name).equals(shape)) {
      problem =
          Optional.of(
              "tensor %s has shape %s, expected %s".formatted(name, file.shape(name), shape));
    }
    if (problem.isPresent()) {
      throw new LawViolation("the answers are not as asked: " + problem.get());
    }
    return file.read(name);
  }
}
