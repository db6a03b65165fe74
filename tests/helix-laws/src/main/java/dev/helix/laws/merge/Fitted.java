package dev.helix.laws.merge;

import dev.helix.laws.LawViolation;
import dev.helix.laws.reference.MergeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An implementation that takes one number of heads, or of components, alone: what is asked of it is
 * cut into pieces of that size, the last of them filled up, and the answers are put together.
 *
 * <p>What fills up is the data of other heads and components in another order of shards, or with
 * other signs, so that its answer is known: it is compared, element by element.
 */
final class Fitted implements Subject {
  private final Subject subject;

  private Fitted(Subject subject) {
    this.subject = subject;
  }

  /** The subject itself if it takes any size. */
  static Subject to(Subject subject) {
    Declaration declared = subject.declaration();
    boolean any = declared.heads().isEmpty() && declared.dim().isEmpty();
    return any ? subject : new Fitted(subject);
  }

  @Override
  public Declaration declaration() {
    return subject.declaration();
  }

  @Override
  public Supplier<Answer> merge(Stack asked) {
    List<int[]> headPieces = pieces(asked.heads, declaration().heads().orElse(asked.heads));
    List<int[]> dimPieces = pieces(asked.dim, declaration().dim().orElse(asked.dim));
    List<Supplier<Answer>> answers = new ArrayList<>();
    for (int[] heads : headPieces) {
      for (int[] dims : dimPieces) {
        answers.add(subject.merge(asked.piece(heads, dims)));
      }
    }
    return () -> new Pieces(asked, headPieces, dimPieces, answers).together();
  }

  /** {0..size-1}, {size..2·size-1} and so on until {@code count} is reached or passed. */
  private static List<int[]> pieces(int count, int size) {
    return IntStream.iterate(0, from -> from < count, from -> from + size)
        .mapToObj(from -> IntStream.range(from, from + size).toArray())
        .toList();
  }

  /** The answers to the pieces of a question, those of all components of a head in a row. */
  private record Pieces(
      Stack asked, List<int[]> heads, List<int[]> dims, List<Supplier<Answer>> answers) {

    Answer together() {
      double[] outputs = new double[asked.rows() * asked.dim];
      double[] lses = new double[asked.rows()];
      for (int row = 0; row < asked.rows(); row++) {
        int token = row / asked.heads;
        int head = row % asked.heads;
        lses[row] = lse(token, head, 0);
        for (int i = 0; i < asked.dim; i++) {
          outputs[row * asked.dim + i] = output(token, head, i);
        }
      }
      Answer answer = Answer.of(asked, outputs, lses);
      requireFill(answer);
      return answer;
    }

    private double output(int token, int head, int i) {
      int width = dims.get(0).length;
      return piece(head, i / width).output(row(token, head), i % width);
    }

    private double lse(int token, int head, int dimPiece) {
      return piece(head, dimPiece).lse(row(token, head));
    }

    private Answer piece(int head, int dimPiece) {
      return answers.get(head / heads.get(0).length * dims.size() + dimPiece).get();
    }

    private int row(int token, int head) {
      int size = heads.get(0).length;
      return token * size + head % size;
    }

    private void requireFill(Answer answer) {
      int allHeads = heads.size() * heads.get(0).length;
      int allDims = dims.size() * dims.get(0).length;
      for (int token = 0; token < asked.tokens; token++) {
        for (int head = 0; head < allHeads; head++) {
          int row = token * asked.heads + head % asked.heads;
          for (int i = head < asked.heads ? asked.dim : 0; i < allDims; i++) {
            double sign = Stack.fillSign(head, asked.heads) * Stack.fillSign(i, asked.dim);
            double expected = sign * answer.output(row, i % asked.dim);
            double got = output(token, head, i);
            if (expected != got) {
              String where = "output of token %d, head %d, component %d".formatted(token, head, i);
              require(where, row, i % asked.dim, expected, got);
            }
          }
          for (int piece = head < asked.heads ? 1 : 0; piece < dims.size(); piece++) {
            double got = lse(token, head, piece);
            require(
                "LSE of token %d, head %d".formatted(token, head), row, -1, answer.lse(row), got);
          }
        }
      }
    }

    /** Both are within the bound of one true value; −1 is no component, but the log-sum-exp. */
    private void require(String where, int row, int component, double expected, double got) {
      boolean oneIsNone = Double.isFinite(expected) != Double.isFinite(got);
      boolean isNone = Double.isNaN(asked.mergedLse(row));
      if (expected == got || !oneIsNone && (isNone || !Double.isFinite(got))) {
        return;
      }
      double bound = oneIsNone ? 0 : bound(row, component);
      if (oneIsNone || !(Math.abs(expected - got) <= 2 * bound)) {
        throw new LawViolation(
            ("of a question filled up to %d heads of %d components, %s is %s, expected %s, as"
                    + " another head or component with its data has it")
                .formatted(heads.get(0).length, dims.get(0).length, where, got, expected));
      }
    }

    private double bound(int row, int component) {
      MergeReference reference = asked.reference(row);
      return component < 0 ? reference.lseBound(1) : reference.outputBound(component, 1);
    }
  }
}
