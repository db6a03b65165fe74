package dev.helix.laws.attention;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Inquiry;
import dev.helix.laws.Observation;
import dev.helix.laws.Trial;
import dev.helix.laws.attention.KnownAttentionFaults.KnownAttentionFault;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Partial;
import dev.helix.laws.merge.Stack;
import dev.helix.laws.reference.MergeReference;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A question as it was sent to a kernel, and its answer, judged against softmax in 50 digits over
 * what the shard holds. It is judged when it is first asked for, which is when a law is broken.
 */
final class AttentionInquiry implements Inquiry {
  private final Convention convention;
  private final AttentionInput asked;
  private final Optional<Answer> given;
  private List<Observation> observations = List.of();
  private Optional<WrongElement> worst = Optional.empty();
  private double worstShare;
  private boolean judged;

  /**
   * Notes an answer.
   *
   * @param given empty if it was an error, or of another shape
   */
  AttentionInquiry(Convention convention, AttentionInput asked, Optional<Answer> given) {
    this.convention = convention;
    this.asked = asked;
    this.given = given;
  }

  @Override
  public String question() {
    return asked.toString();
  }

  @Override
  public List<Observation> observations() {
    judge();
    return observations;
  }

  @Override
  public Optional<WrongElement> worst() {
    judge();
    return worst;
  }

  private void judge() {
    if (judged) {
      return;
    }
    judged = true;
    observations =
        rows()
            .mapToObj(
                row -> {
                  boolean wrong = given.map(got -> wrong(row, got)).orElse(true);
                  return new Observation(AttentionTraits.of(asked, row), wrong);
                })
            .toList();
  }

  /** Rows whose queries see numbers; a law may also put NaN into a token. */
  private IntStream rows() {
    return IntStream.range(0, asked.tokens() * asked.heads()).filter(this::seesNumbers);
  }

  private boolean seesNumbers(int row) {
    int query = asked.queryPositions()[row / asked.heads()];
    int kvHead = row % asked.heads() / (asked.heads() / asked.kvHeads());
    int[] positions = asked.slotPositions();
    double[] keys = asked.keys();
    double[] values = asked.values();
    return IntStream.range(0, positions.length)
        .filter(slot -> AttentionReference.visible(asked.given, positions[slot], query))
        .map(slot -> slot * asked.kvHeads() + kvHead)
        .allMatch(at -> finite(keys, at, asked.keyDim()) && finite(values, at, asked.valueDim()));
  }

  private static boolean finite(double[] numbers, int at, int dim) {
    return IntStream.range(at * dim, (at + 1) * dim).allMatch(i -> Double.isFinite(numbers[i]));
  }

  private boolean wrong(int row, Answer got) {
    MergeReference truth =
        AttentionReference.of(convention, asked, row / asked.heads(), row % asked.heads());
    boolean empty = truth.isEmpty();
    boolean wrong = false;
    for (int i = 0; i < asked.valueDim(); i++) {
      double expected = empty ? 0 : truth.output(i).doubleValue();
      double bound = empty ? 0 : truth.outputBound(i, 1) + Math.ulp(expected);
      String place = place("output", row) + ", component " + i;
      wrong |= off(place, convention.precision().output(), expected, got.output(row, i), bound);
    }
    double expected = truth.lseInBase();
    double bound = empty ? 0 : truth.lseBound(1) + Math.ulp(expected);
    String place = place("LSE", row);
    return wrong | off(place, convention.precision().lse(), expected, got.lse(row), bound);
  }

  private String place(String what, int row) {
    return "%s of token %d, head %d".formatted(what, row / asked.heads(), row % asked.heads());
  }

  private boolean off(String place, DType format, double expected, double got, double bound) {
    double error = Math.abs(got - expected);
    if (got == expected || error <= bound) {
      return false;
    }
    double share = Double.isNaN(error) || bound == 0 ? Double.POSITIVE_INFINITY : error / bound;
    if (worst.isEmpty() || share > worstShare) {
      worstShare = share;
      Trial.Shown shown =
          new Trial.Shown("", place, format, String.valueOf(expected), String.valueOf(got), false);
      worst = Optional.of(new WrongElement(place, shown.distance(expected, got, bound)));
    }
    return true;
  }

  /**
   * Each known fault's answer is compared within a bound that holds for every softmax over slots of
   * this shard, whichever are seen: all weight on one value of the largest magnitude, with the
   * largest error that a score can have.
   */
  @Override
  public List<Agreement> agreements(Predicate<String> of) {
    judge();
    if (observations.isEmpty()) {
      return List.of();
    }
    List<Agreement> agreements = new ArrayList<>();
    for (KnownAttentionFault fault : KnownAttentionFaults.ofServices()) {
      if (of.test(fault.name())) {
        agreements.add(agreement(fault));
      }
    }
    return agreements;
  }

  private Agreement agreement(KnownAttentionFault fault) {
    int[] rows = rows().toArray();
    int elements = rows.length * (asked.valueDim() + 1);
    if (given.isEmpty() || !fault.kernel().features().containsAll(asked.given.features())) {
      return new Agreement(fault.name(), 0, elements);
    }
    Answer expected = answer(fault.kernel());
    int within = 0;
    for (int row : rows) {
      MergeBound bound = anySoftmax(row, expected);
      for (int i = 0; i < asked.valueDim(); i++) {
        within += alike(expected.output(row, i), given.get().output(row, i), bound.output(0, 1));
      }
      double lse = convention.base().fromNatural(expected.lse(row));
      within += alike(lse, given.get().lse(row), bound.lse(1));
    }
    return new Agreement(fault.name(), within, elements);
  }

  private Answer answer(AttentionUnderTest kernel) {
    int rows = asked.tokens() * asked.heads();
    int[] shape = {1, asked.tokens(), asked.heads(), asked.valueDim()};
    Stack question =
        Stack.of(kernel.convention(), shape, new double[rows * asked.valueDim()], new double[rows]);
    Partial partial = kernel.attend(asked);
    return Answer.read(question, partial);
  }

  /** Both are the same infinity, both are no number, or both are one and within the bound. */
  private static int alike(double expected, double got, double bound) {
    boolean none = Double.isNaN(expected) && Double.isNaN(got);
    return expected == got || none || Math.abs(expected - got) <= bound ? 1 : 0;
  }

  private MergeBound anySoftmax(int row, Answer expected) {
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
    double score = largestProduct(row) * asked.scale() * scales;
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
    double error = unit * ((asked.keyDim() + 6 + 8 + 2) * score + 6 * bias + functions);
    double largest = score + bias + Math.log(positions.length + 1.0);
    MergedPart none = new MergedPart(0, 0, 0, new double[1]);
    List<MergedPart> parts = new ArrayList<>(Collections.nCopies(positions.length + 1, none));
    parts.set(0, new MergedPart(1, 2 * largest, error, new double[] {value}));
    return new MergeBound(convention, largest, parts, false, 1);
  }

  /** The greatest Σ |q·k| of the row's query with a key of any head. */
  private double largestProduct(int row) {
    double[] queries = asked.queries();
    double[] keys = asked.keys();
    double largest = 0;
    for (int key = 0; key < keys.length / asked.keyDim(); key++) {
      double sum = 0;
      for (int i = 0; i < asked.keyDim(); i++) {
        sum += Math.abs(queries[row * asked.keyDim() + i] * keys[key * asked.keyDim() + i]);
      }
      largest = Math.max(largest, Double.isFinite(sum) ? sum : 0);
    }
    return largest;
  }
}
