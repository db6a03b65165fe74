package dev.helix.laws.merge.files;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.AxisOrder;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.ConventionKey;
import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.attention.convention.Layout;
import dev.helix.attention.convention.LogBase;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.foreign.AnswerTensors;
import dev.helix.laws.foreign.ForeignSeam;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.Subject;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.PartialStack;
import dev.helix.laws.merge.states.Stack;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes questions to a merge as a safetensors file, and reads the answers from one. Arrays are as
 * the {@link Convention} says.
 *
 * <p>Cases: for each {@code N} of {@code 0..cases-1} the tensors {@code N.outputs} {@code [shards,
 * tokens, heads, dim]} and {@code N.lses} {@code [shards, tokens, heads]}, in the declared order of
 * axes; for pairs that lie side by side {@code N.pairs}; log-sum-exps that are packed behind
 * outputs are the last components of {@code N.outputs}; {@code N.lengths} {@code [shards, tokens]},
 * of integers, where a length tells which parts have no tokens, and {@code N.merged}, one number,
 * where later tokens bypass the merge. Metadata: {@code cases}; {@code convention}, as {@link
 * ConventionSpelling} writes it, and {@code convention.KEY} for each {@link ConventionKey}; {@code
 * layout} ({@code tokens-first} or {@code heads-first}), {@code base} ({@code e} or {@code 2}),
 * {@code empty}, the LSE of a shard without tokens. Answers: {@code N.outputs} {@code [tokens,
 * heads, dim]}, {@code N.lses} {@code [tokens, heads]}.
 */
public final class CaseFiles implements ForeignSeam<MergeCase, Stack, Answer> {
  private final Declaration declared;
  private final Convention convention;

  /** Prepares files for a merge with this declaration. */
  public CaseFiles(Declaration declared) {
    this.declared = declared;
    this.convention = declared.convention();
  }

  @Override
  public SeamTrials<MergeCase> laws(Function<Stack, Supplier<Answer>> program) {
    return new MergeTrials(
        new Subject() {
          @Override
          public Declaration declaration() {
            return declared;
          }

          @Override
          public Supplier<Answer> merge(Stack stack) {
            return program.apply(stack);
          }
        });
  }

  /** Adds questions to a file, with the metadata by which they are to be read. */
  @Override
  public void add(List<Stack> questions, SafetensorsWriter writer) {
    for (int number = 0; number < questions.size(); number++) {
      Stack stack = questions.get(number);
      PartialStack theirs = stack.declared();
      ArrayIndex arrays = stack.arrays();
      DType partial = convention.formats().partial();
      boolean packed = convention.layout().packing() == Layout.Packing.BEHIND_OUTPUT;
      if (packed) {
        List<Integer> shape = new ArrayList<>(arrays.outputShape());
        shape.set(shape.size() - 1, arrays.packedDim(partial));
        writer.codes(number + ".outputs", partial, shape, theirs.packed());
      } else {
        writer.tensor(number + ".outputs", partial, arrays.outputShape(), theirs.outputs());
      }
      if (convention.contract().values().bypasses()) {
        writer.integers(number + ".merged", List.of(), new long[] {theirs.mergedTokens()});
      }
      List<Integer> rows = arrays.weightShape();
      DType format = convention.formats().lse();
      if (convention.layout().packing() == Layout.Packing.PAIRS) {
        List<Integer> pairs = new ArrayList<>(rows);
        pairs.add(2);
        writer.tensor(number + ".pairs", format, pairs, theirs.pairs());
      } else if (convention.pairs()) {
        writer.tensor(number + ".maxima", format, rows, theirs.maxima());
        writer.tensor(number + ".sums", format, rows, theirs.sums());
      } else if (!packed) {
        writer.tensor(number + ".lses", format, rows, theirs.lses());
      }
      if (convention.marks().byLength()) {
        long[] lengths = Arrays.stream(theirs.lengths()).asLongStream().toArray();
        writer.integers(number + ".lengths", List.of(stack.shards(), stack.tokens()), lengths);
      }
    }
    writer
        .metadata("cases", String.valueOf(questions.size()))
        .metadata("convention", ConventionSpelling.write(convention))
        .metadata(
            "layout", convention.order() == AxisOrder.TOKENS_FIRST ? "tokens-first" : "heads-first")
        .metadata("weights", convention.pairs() ? "max-sum" : "lse")
        .metadata("base", convention.base() == LogBase.E ? "e" : "2")
        .metadata("empty", ConventionKey.EMPTY.of(convention));
    for (ConventionKey key : ConventionKey.values()) {
      writer.metadata("convention." + key.label(), key.of(convention));
    }
  }

  /** Writes the mark of an empty shard such that programs in every language can read it. */
  public static String mark(double lse) {
    return Double.isInfinite(lse) ? (lse < 0 ? "-inf" : "inf") : String.valueOf(lse);
  }

  @Override
  public Answer read(SafetensorsFile file, int number, Stack stack) {
    List<Long> shape = longs(stack.arrays().answerShape());
    double[] outputs =
        AnswerTensors.read(file, number + ".outputs", convention.precision().output(), shape);
    double[] lses =
        declared.returnsLse()
            ? AnswerTensors.read(
                file,
                number + ".lses",
                convention.precision().lse(),
                longs(stack.arrays().answerWeightShape()))
            : new double[0];
    return Answer.read(stack, new Partial(outputs, lses), declared);
  }

  private static List<Long> longs(List<Integer> shape) {
    return shape.stream().map(Integer::longValue).toList();
  }

  /** Empty, because laws of the merge also merge what they were answered. */
  @Override
  public Optional<Answer> anyAnswer(Stack question) {
    return Optional.empty();
  }

  @Override
  public long size(Stack question) {
    return (long) question.shards() * question.tokens() * question.heads() * question.dim();
  }
}
