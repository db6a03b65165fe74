package dev.helix.laws.merge;

import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.MergeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Wraps an implementation that takes only one number of heads, or of components. A question to it
 * is cut into pieces of that size, the last piece is filled up, and the answers are put together.
 *
 * <p>The filling is the data of other heads and components in another order of shards, or with
 * other signs. So its answer is known, and is compared element by element.
 */
final class Fitted implements Subject {
  private final Subject subject;

  private Fitted(Subject subject) {
    this.subject = subject;
  }

  /** Wraps a subject. One that takes any size is returned as it is. */
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
    List<int[]> headPieces = pieces(asked.heads(), declaration().heads().orElse(asked.heads()));
    List<int[]> dimPieces = pieces(asked.dim(), declaration().dim().orElse(asked.dim()));
    List<Supplier<Answer>> answers = new ArrayList<>();
    for (int[] heads : headPieces) {
      for (int[] dims : dimPieces) {
        answers.add(subject.merge(asked.piece(heads, dims)));
      }
    }
    return new Together(new Pieces(asked, headPieces, dimPieces, answers));
  }

  /** The answer to all pieces, which is put together once: a law looks at it for each row. */
  private static final class Together implements Supplier<Answer> {
    private final Pieces pieces;
    private Optional<Answer> answer = Optional.empty();

    Together(Pieces pieces) {
      this.pieces = pieces;
    }

    @Override
    public Answer get() {
      answer = answer.or(() -> Optional.of(pieces.together()));
      return answer.orElseThrow();
    }
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
      double[] outputs = new double[asked.rows() * asked.dim()];
      double[] lses = new double[asked.rows()];
      for (int row = 0; row < asked.rows(); row++) {
        int token = row / asked.heads();
        int head = row % asked.heads();
        lses[row] = lse(token, head, 0);
        for (int i = 0; i < asked.dim(); i++) {
          outputs[row * asked.dim() + i] = output(token, head, i);
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
      int allHeads = size(heads);
      int allDims = size(dims);
      for (int row = 0; row < asked.rows(); row++) {
        Fill fill = new Fill(asked, row);
        int token = row / asked.heads();
        for (int head = row % asked.heads(); head < allHeads; head += asked.heads()) {
          boolean own = head < asked.heads();
          int signOfHead = Stack.fillSign(head, asked.heads());
          for (int i = own ? asked.dim() : 0; i < allDims; i++) {
            int sign = signOfHead * Stack.fillSign(i, asked.dim());
            double expected = sign * answer.output(row, i % asked.dim());
            fill.output(head, i, expected, output(token, head, i));
          }
          for (int piece = own ? 1 : 0; piece < dims.size(); piece++) {
            fill.lse(head, answer.lse(row), lse(token, head, piece));
          }
        }
      }
    }

    private static int size(List<int[]> pieces) {
      return pieces.size() * pieces.get(0).length;
    }
  }

  /**
   * The comparison of the filling that was made from one row with that row. Both have to be near
   * one true value.
   */
  private static final class Fill {
    private final Stack asked;
    private final int row;
    private final double[] bounds;
    private Optional<MergeReference> reference = Optional.empty();
    private Optional<Boolean> weightIsNone = Optional.empty();

    Fill(Stack asked, int row) {
      this.asked = asked;
      this.row = row;
      this.bounds = new double[asked.dim()];
    }

    void output(int head, int i, double expected, double got) {
      if (expected != got
          && !unbounded(expected, got)
          && !(Math.abs(expected - got) <= 2 * outputBound(i % asked.dim()))) {
        throw wrong("output of token %d, head %d, component %d", head, i, expected, got);
      }
    }

    void lse(int head, double expected, double got) {
      if (expected != got
          && !unbounded(expected, got)
          && !(Math.abs(expected - got) <= 2 * reference().lseBound(1))) {
        throw wrong("LSE of token %d, head %d", head, 0, expected, got);
      }
    }

    /**
     * Whether no bound can be demanded: both are infinite or NaN, in whatever way, or the row's
     * log-sum-exp is NaN.
     */
    private boolean unbounded(double expected, double got) {
      return Double.isFinite(expected)
          ? Double.isFinite(got) && weightIsNone()
          : !Double.isFinite(got);
    }

    private boolean weightIsNone() {
      weightIsNone = weightIsNone.or(() -> Optional.of(Double.isNaN(asked.mergedLse(row))));
      return weightIsNone.orElseThrow();
    }

    /** Found once: many heads and components are filled up with the data of one. */
    private double outputBound(int i) {
      if (bounds[i] == 0) {
        bounds[i] = reference().outputBound(i, 1);
      }
      return bounds[i];
    }

    private MergeReference reference() {
      reference = reference.or(() -> Optional.of(asked.reference(row)));
      return reference.orElseThrow();
    }

    private LawViolation wrong(String where, int head, int i, double expected, double got) {
      return new LawViolation(
          "the answer to a question that was filled up is %s in the %s, expected %s, as another head or component with the same data has it"
              .formatted(got, where.formatted(row / asked.heads(), head, i), expected));
    }
  }
}
