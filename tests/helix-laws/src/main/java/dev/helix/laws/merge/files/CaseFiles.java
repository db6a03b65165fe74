package dev.helix.laws.merge.files;

import dev.helix.attention.convention.AxisOrder;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.Partial;
import dev.helix.laws.merge.PartialStack;
import dev.helix.laws.merge.Stack;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes questions to a merge as a safetensors file, and reads the answers from one. Arrays are as
 * the {@link Convention} says.
 *
 * <p>Cases: for each {@code N} of {@code 0..cases-1} the tensors {@code N.outputs} {@code [shards,
 * tokens, heads, dim]} and {@code N.lses} {@code [shards, tokens, heads]}, in the declared order of
 * axes. Metadata: {@code cases}; {@code layout} ({@code tokens-first} or {@code heads-first}),
 * {@code base} ({@code e} or {@code 2}), {@code empty}, the LSE of a shard without tokens. Answers:
 * {@code N.outputs} {@code [tokens, heads, dim]}, {@code N.lses} {@code [tokens, heads]}.
 */
public final class CaseFiles {
  private final Declaration declared;
  private final Convention convention;

  /** Prepares files for a merge with this declaration. */
  public CaseFiles(Declaration declared) {
    this.declared = declared;
    this.convention = declared.convention();
  }

  /**
   * Writes questions.
   *
   * @throws InvalidInputException naming the file, if it cannot be written
   */
  public void write(List<Stack> questions, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    add(questions, writer);
    writer.write(file);
  }

  /** Adds questions to a file, with the metadata by which they are to be read. */
  public void add(List<Stack> questions, SafetensorsWriter writer) {
    for (int number = 0; number < questions.size(); number++) {
      Stack stack = questions.get(number);
      PartialStack theirs = stack.declared();
      List<Integer> shape = stack.declaredShape();
      writer.tensor(number + ".outputs", convention.precision().output(), shape, theirs.outputs());
      List<Integer> rows = shape.subList(0, 3);
      DType format = convention.precision().lse();
      if (convention.pairs()) {
        writer.tensor(number + ".maxima", format, rows, theirs.maxima());
        writer.tensor(number + ".sums", format, rows, theirs.sums());
      } else {
        writer.tensor(number + ".lses", format, rows, theirs.lses());
      }
    }
    writer
        .metadata("cases", String.valueOf(questions.size()))
        .metadata(
            "layout", convention.order() == AxisOrder.TOKENS_FIRST ? "tokens-first" : "heads-first")
        .metadata("weights", convention.pairs() ? "max-sum" : "lse")
        .metadata("base", convention.base() == LogBase.E ? "e" : "2")
        .metadata("empty", mark(convention.emptyLse()));
  }

  /** Writes the mark of an empty shard such that programs in every language can read it. */
  private static String mark(double lse) {
    return Double.isInfinite(lse) ? (lse < 0 ? "-inf" : "inf") : String.valueOf(lse);
  }

  /**
   * Reads the answers to these questions. An answer that does not have the shape of its question
   * throws a {@code LawViolation} when {@code get} is called.
   *
   * @throws InvalidInputException naming the file, if it cannot be read
   */
  public List<Supplier<Answer>> read(List<Stack> questions, Path file) {
    try (SafetensorsFile answers = SafetensorsFile.open(file)) {
      return IntStream.range(0, questions.size())
          .mapToObj(number -> answer(answers, number, questions.get(number)))
          .toList();
    }
  }

  private Supplier<Answer> answer(SafetensorsFile file, int number, Stack stack) {
    List<Long> shape = stack.declaredShape().stream().skip(1).map(Integer::longValue).toList();
    try {
      double[] outputs = tensor(file, number + ".outputs", convention.precision().output(), shape);
      double[] lses =
          declared.returnsLse()
              ? tensor(file, number + ".lses", convention.precision().lse(), shape.subList(0, 2))
              : new double[0];
      Answer answer = Answer.read(stack, new Partial(outputs, lses), declared);
      return () -> answer;
    } catch (LawViolation e) {
      return () -> {
        throw e;
      };
    }
  }

  private static double[] tensor(SafetensorsFile file, String name, DType dtype, List<Long> shape) {
    Optional<String> problem = Optional.empty();
    if (!file.has(name)) {
      problem = Optional.of("there is no tensor " + name);
    } else if (!file.shape(name).equals(shape)) {
      problem =
          Optional.of(
              "tensor %s has shape %s, expected %s".formatted(name, file.shape(name), shape));
    } else if (file.dtype(name) != dtype) {
      problem =
          Optional.of(
              "tensor %s has dtype %s, expected %s".formatted(name, file.dtype(name), dtype));
    }
    if (problem.isPresent()) {
      throw new LawViolation("the answers are not as asked: " + problem.get());
    }
    return file.read(name);
  }
}
