package dev.helix.laws.attention;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.JudgedInquiry;
import dev.helix.laws.KnownFaults;
import dev.helix.laws.Seam;
import dev.helix.laws.Trait;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.MergeReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A question that was sent to a kernel, and its answer. */
final class AttentionInquiry extends JudgedInquiry {
  private final Convention convention;
  private final AttentionInput asked;
  private final Supplier<AttentionReference> reference;
  private final Optional<Answer> given;
  private Optional<int[]> judged = Optional.empty();

  /**
   * Notes an answer.
   *
   * @param reference the true answer, which is computed when it is first asked for
   * @param given the answer; empty if the kernel threw an exception or returned another shape
   */
  AttentionInquiry(
      Convention convention,
      AttentionInput asked,
      Supplier<AttentionReference> reference,
      Optional<Answer> given) {
    super(convention, new Sizes(asked.heads(), asked.valueDim(), true));
    this.convention = convention;
    this.asked = asked;
    this.reference = reference;
    this.given = given;
  }

  @Override
  public String question() {
    return asked.toString();
  }

  @Override
  protected Optional<Answer> rows() {
    return given;
  }

  /**
   * The rows whose queries see no NaN; a law may also put NaN into a token. Each known fault asks
   * for them, and a question may have many slots.
   */
  @Override
  protected IntStream judgedRows() {
    if (judged.isEmpty()) {
      boolean[] finite = finiteTokens();
      int[] positions = asked.slotPositions();
      judged =
          Optional.of(
              IntStream.range(0, asked.tokens() * asked.heads())
                  .filter(row -> seesNumbers(row, positions, finite))
                  .toArray());
    }
    return Arrays.stream(judged.get());
  }

  private boolean seesNumbers(int row, int[] positions, boolean[] finite) {
    int query = asked.queryPositions()[row / asked.heads()];
    int kvHead = row % asked.heads() / (asked.heads() / asked.kvHeads());
    for (int slot = 0; slot < positions.length; slot++) {
      if (!finite[slot * asked.kvHeads() + kvHead]
          && AttentionReference.visible(asked.given, positions[slot], query)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the key and the value of a slot hold only numbers, {@code [slots, kvHeads]}. */
  private boolean[] finiteTokens() {
    double[] keys = asked.keys();
    double[] values = asked.values();
    boolean[] finite = new boolean[asked.slots() * asked.kvHeads()];
    for (int at = 0; at < finite.length; at++) {
      finite[at] = finite(keys, at, asked.keyDim()) && finite(values, at, asked.valueDim());
    }
    return finite;
  }

  private static boolean finite(double[] numbers, int at, int dim) {
    for (int i = at * dim; i < (at + 1) * dim; i++) {
      if (!Double.isFinite(numbers[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected MergeReference truth(int row) {
    return reference.get().row(row / asked.heads(), row % asked.heads()).merged();
  }

  @Override
  protected Set<Trait> traits(int row) {
    return AttentionTraits.of(asked, row);
  }

  /**
   * Each known fault's answer is compared within a bound that holds for every softmax over slots of
   * this shard, whichever are seen: all weight on one value of the largest magnitude, with the
   * largest error that a score can have.
   */
  @Override
  public List<Agreement> agreements(Predicate<String> of) {
    List<Agreement> agreements = new ArrayList<>();
    for (KnownFaults.KnownFault fault : KnownFaults.at(Seam.ATTENTION)) {
      if (of.test(fault.name()) && !observations().isEmpty()) {
        Optional<Rows> expected = answer((AttentionUnderTest) fault.variant());
        agreements.add(
            agreement(fault.name(), expected, row -> anySoftmax(row, expected.orElseThrow())));
      }
    }
    return agreements;
  }

  /**
   * The answer of a kernel in double precision, converted to the base of the kernel that was asked.
   */
  private Optional<Rows> answer(AttentionUnderTest kernel) {
    if (!kernel.features().containsAll(asked.given.features())) {
      return Optional.empty();
    }
    int rows = asked.tokens() * asked.heads();
    int[] shape = {1, asked.tokens(), asked.heads(), asked.valueDim()};
    double[] nothing = new double[rows * asked.valueDim()];
    Stack question = Stack.of(kernel.convention(), shape, nothing, new double[rows]);
    Answer answer = Answer.read(question, kernel.attend(asked));
    return Optional.of(
        new Rows() {
          @Override
          public double output(int row, int i) {
            return answer.output(row, i);
          }

          @Override
          public double lse(int row) {
            return convention.base().fromNatural(answer.lse(row));
          }
        });
  }

  private MergeBound anySoftmax(int row, Rows expected) {
    double value = 0;
    for (double v : asked.values()) {
      value = Math.max(value, Double.isFinite(v) ? Math.abs(v) : 0);
    }
    double scales = Math.max(1, Math.max(asked.keyScale(), asked.valueScale()));
    value *= scales;
    for (int i = 0; i < asked.valueDim(); i++) {
      double output = Math.abs(expected.output(row, i));
      value = Math.max(value, Double.isFinite(output) ? output : 0);
    }
    double score = reference.get().largestMagnitude(row) * asked.scale() * scales;
    int[] positions = asked.slotPositions();
    double distance =
        Arrays.stream(positions).max().orElse(0) + asked.queryPositions()[row / asked.heads()];
    double bias = 0;
    for (double slope : asked.alibiSlopes()) {
      bias = Math.max(bias, slope * distance);
    }
    for (double sink : asked.sinks()) {
      score = Math.max(score, Math.abs(sink));
    }
    double functions = (2 * convention.functionUlps() + 2) * (positions.length + 1);
    double unit = Precision.unit(convention.precision().lse());
    double error =
        unit * ((asked.keyDim() + 6 + 8 + 2) * score + 6 * bias + functions)
            + reference.get().largestTurnError(row);
    double largest = score + bias + Math.log(positions.length + 1.0);
    MergedPart none = new MergedPart(0, 0, 0, new double[1]);
    List<MergedPart> parts = new ArrayList<>(Collections.nCopies(positions.length + 1, none));
    parts.set(0, new MergedPart(1, 2 * largest, error, new double[] {value}));
    return new MergeBound(convention, largest, parts, false, 1);
  }
}
