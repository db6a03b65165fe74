package dev.helix.laws.golden;

import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.Unanswered;
import dev.helix.laws.foreign.ForeignSeam;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Questions of a seam whose true answers are known.
 *
 * @param <C> a case
 * @param <Q> a question
 * @param <A> an answer
 */
public abstract class GoldenSeam<C, Q, A> {
  private final List<Q> questions;
  private final ForeignSeam<C, Q, A> files;
  private int cases;

  /**
   * Draws the questions that a law asks on the cases of a seed that are not long. A case on which
   * it asks none, as on a merge of one part, does not count.
   *
   * @param count number of cases, if the seed has as many
   * @param most number of questions of a case
   */
  GoldenSeam(ForeignSeam<C, Q, A> files, Law law, long seed, int count, int most) {
    this.files = files;
    this.questions = new ArrayList<>();
    SeamTrials<C> drawing =
        files.laws(
            question ->
                () -> {
                  throw new Unanswered();
                });
    drawing.cases(seed, count).stream()
        .filter(given -> !drawing.isLong(given) && drawing.applies(law, given))
        .map(given -> asked(law, given))
        .filter(asked -> !asked.isEmpty())
        .limit(count)
        .forEach(
            asked -> {
              cases++;
              questions.addAll(asked.stream().limit(most).toList());
            });
  }

  private List<Q> asked(Law law, C given) {
    List<Q> asked = new ArrayList<>();
    try {
      LawSuite.askAll(
          files
              .laws(
                  question -> {
                    asked.add(question);
                    Optional<A> any = files.anyAnswer(question);
                    Supplier<A> answer = () -> any.orElseThrow(Unanswered::new);
                    return answer;
                  })
              .trial(law, given));
    } catch (Unanswered e) {
      // All that was wanted is the question.
    }
    return asked;
  }

  /** Of how many cases the questions are. */
  public final int cases() {
    return cases;
  }

  /** The questions, in their order. */
  public final List<Q> questions() {
    return List.copyOf(questions);
  }

  /** Adds the questions to a file, as a program under test is given them. */
  public final void addCases(SafetensorsWriter writer) {
    files.add(questions, writer);
  }

  /** Adds for each tensor of an answer the true numbers and, as {@code NAME.bound}, the bounds. */
  public final void addExpected(SafetensorsWriter writer) {
    for (int number = 0; number < questions.size(); number++) {
      addExpected(number + ".", questions.get(number), writer);
    }
    writer.metadata("cases", String.valueOf(questions.size()));
  }

  abstract void addExpected(String name, Q question, SafetensorsWriter writer);

  /** Numbers of one tensor of an answer, with their bounds. */
  static final class Expected {
    private final List<Integer> shape;
    private final double[] numbers;
    private final double[] bounds;

    /** Begins with numbers of which none is compared. */
    Expected(List<Integer> shape) {
      this.shape = shape;
      int size = shape.stream().reduce(1, (one, other) -> one * other);
      this.numbers = new double[size];
      this.bounds = new double[size];
      Arrays.fill(bounds, Double.POSITIVE_INFINITY);
    }

    void put(int at, double number, double bound) {
      numbers[at] = number;
      bounds[at] = bound;
    }

    void add(String name, SafetensorsWriter writer) {
      writer
          .tensor(name, DType.F64, shape, numbers)
          .tensor(name + ".bound", DType.F64, shape, bounds);
    }
  }
}
