package dev.helix.laws.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An implementation that takes one number of heads, or of components, alone: what is asked of it is
 * cut into pieces of that size, the last filled up with copies, and the answers are put together.
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
    return () -> together(asked, headPieces.get(0).length, dimPieces.size(), answers);
  }

  /** {0..size-1}, {size..2·size-1} and so on up to {@code count}, and from 0 again to fill up. */
  private static List<int[]> pieces(int count, int size) {
    return IntStream.iterate(0, from -> from < count, from -> from + size)
        .mapToObj(from -> IntStream.range(from, from + size).map(i -> i % count).toArray())
        .toList();
  }

  private static Answer together(
      Stack asked, int heads, int dimPieces, List<Supplier<Answer>> answers) {
    double[] outputs = new double[asked.rows() * asked.dim];
    double[] lses = new double[asked.rows()];
    for (int row = 0; row < asked.rows(); row++) {
      int head = row % asked.heads;
      int within = row / asked.heads * heads + head % heads;
      int first = head / heads * dimPieces;
      lses[row] = answers.get(first).get().lse(within);
      for (int i = 0; i < asked.dim; i++) {
        int width = answers.get(first).get().dim();
        outputs[row * asked.dim + i] =
            answers.get(first + i / width).get().output(within, i % width);
      }
    }
    return Answer.of(asked, outputs, lses);
  }
}
