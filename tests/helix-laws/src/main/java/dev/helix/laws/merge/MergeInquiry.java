package dev.helix.laws.merge;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.laws.Inquiry;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Observation;
import dev.helix.laws.Trial;
import dev.helix.laws.merge.KnownMergeFaults.KnownMergeFault;
import dev.helix.laws.reference.MergeReference;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A question as it was sent to a merge, and its answer, judged against the 50-digit merge of the
 * question. Judged when it is first asked for, which is when a law is broken.
 */
public final class MergeInquiry implements Inquiry {
  private final Declaration declared;
  private final Stack asked;
  private final Supplier<Answer> given;
  private List<Observation> observations = List.of();
  private Optional<WrongElement> worst = Optional.empty();
  private int worstRow;
  private double worstShare;
  private boolean judged;
  private Optional<Extent> extent = Optional.empty();

  MergeInquiry(Declaration declared, Stack asked, Supplier<Answer> given) {
    this.declared = declared;
    this.asked = asked;
    this.given = given;
  }

  /** What was sent. */
  public Stack asked() {
    return asked;
  }

  /** What came; empty if it is no answer, or if the law was broken before there was one. */
  public Optional<Answer> answered() {
    try {
      return answer();
    } catch (Subject.Unanswered e) {
      return Optional.empty();
    }
  }

  @Override
  public String question() {
    judge();
    return asked.shown(worstRow);
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
    Optional<Answer> answer;
    try {
      answer = answer();
    } catch (Subject.Unanswered e) {
      return;
    }
    observations =
        rows()
            .mapToObj(
                row -> {
                  boolean wrong = answer.map(got -> wrong(row, got)).orElse(true);
                  return new Observation(MergeTraits.of(asked, row), wrong);
                })
            .toList();
  }

  /**
   * Empty if it is none: of another shape, or an error.
   *
   * @throws Subject.Unanswered if the law was broken before this was answered
   */
  private Optional<Answer> answer() {
    try {
      return Optional.of(given.get());
    } catch (LawViolation e) {
      return Optional.empty();
    }
  }

  /** Rows of numbers; a law may also ask for what has NaN in it. */
  private IntStream rows() {
    return IntStream.range(0, asked.rows()).filter(this::hasNumbers);
  }

  private boolean hasNumbers(int row) {
    return IntStream.range(0, asked.shards)
        .filter(shard -> asked.living(shard, row))
        .allMatch(
            shard ->
                Double.isFinite(asked.lse(shard, row))
                    && IntStream.range(0, asked.dim)
                        .allMatch(i -> Double.isFinite(asked.output(shard, row, i))));
  }

  private boolean wrong(int row, Answer got) {
    MergeReference truth = asked.reference(row);
    boolean empty = truth.isEmpty();
    boolean wrong = false;
    for (int i = 0; i < asked.dim; i++) {
      double expected = empty ? 0 : truth.output(i).doubleValue();
      double bound = empty ? 0 : truth.outputBound(i, 1) + Math.ulp(expected);
      DType format = asked.convention.precision().output();
      String place = place("output", row) + ", component " + i;
      wrong |= off(row, place, format, expected, got.output(row, i), bound);
    }
    if (declared.returnsLse()) {
      double expected = truth.lseInBase();
      double bound = empty ? 0 : truth.lseBound(1) + Math.ulp(expected);
      DType format = asked.convention.precision().lse();
      wrong |= off(row, place("LSE", row), format, expected, got.lse(row), bound);
    }
    return wrong;
  }

  private String place(String what, int row) {
    return "%s of token %d, head %d".formatted(what, row / asked.heads, row % asked.heads);
  }

  /** Remembers the element if none is as far off, the first one that is no number above all. */
  private boolean off(
      int row, String place, DType format, double expected, double got, double bound) {
    double error = Math.abs(got - expected);
    if (got == expected || error <= bound) {
      return false;
    }
    double share = Double.isNaN(error) || bound == 0 ? Double.POSITIVE_INFINITY : error / bound;
    if (worst.isEmpty() || share > worstShare) {
      worstShare = share;
      worstRow = row;
      Trial.Shown shown = new Trial.Shown("", place, format, shown(expected), shown(got), false);
      worst = Optional.of(new WrongElement(place, shown.distance(expected, got, bound)));
    }
    return true;
  }

  private String shown(double number) {
    return String.valueOf(asked.convention.declared(number));
  }

  /**
   * Each known fault's answer is compared within a bound that holds for every merge of these parts
   * whose weights are any: a mean with the largest magnitude and the widest gap of the question, in
   * nats and in units of the base, all of it borne by one part.
   */
  @Override
  public List<Agreement> agreements(Predicate<String> of) {
    judge();
    if (observations.isEmpty()) {
      return List.of();
    }
    Optional<Answer> answer = answer();
    int[] rows = rows().toArray();
    List<Agreement> agreements = new ArrayList<>();
    for (KnownMergeFault fault : KnownMergeFaults.ofServices()) {
      Optional.of(fault)
          .filter(known -> of.test(known.name()))
          .flatMap(known -> known.answer(asked))
          .ifPresent(
              expected -> {
                int within = 0;
                for (int row : rows) {
                  within += answer.map(got -> within(row, expected, got)).orElse(0);
                }
                int each = asked.dim + (declared.returnsLse() ? 1 : 0);
                agreements.add(new Agreement(fault.name(), within, rows.length * each));
              });
    }
    return agreements;
  }

  private int within(int row, Answer expected, Answer got) {
    MergeBound bound = anyWeights(row, expected);
    int within = 0;
    for (int i = 0; i < asked.dim; i++) {
      within += alike(expected.output(row, i), got.output(row, i), bound.output(0, 1));
    }
    return declared.returnsLse()
        ? within + alike(expected.lse(row), got.lse(row), bound.lse(1))
        : within;
  }

  /** Both are the same infinity, both are no number, or both are one and within the bound. */
  private static int alike(double expected, double got, double bound) {
    boolean none = isNoNumber(expected) && isNoNumber(got);
    return expected == got || none || Math.abs(expected - got) <= bound ? 1 : 0;
  }

  /** NaN, or +∞, which differs from it by the way a program is written; −∞ is no tokens. */
  private static boolean isNoNumber(double x) {
    return Double.isNaN(x) || x == Double.POSITIVE_INFINITY;
  }

  private MergeBound anyWeights(int row, Answer expected) {
    double value = extent().value;
    for (int i = 0; i < asked.dim; i++) {
      double output = Math.abs(expected.output(row, i));
      value = Math.max(value, Double.isFinite(output) ? output : 0);
    }
    double lse = Math.max(Math.abs(extent().least), Math.abs(extent().most));
    MergedPart none = new MergedPart(0, 0, 0, new double[1]);
    List<MergedPart> parts = new ArrayList<>(Collections.nCopies(asked.shards, none));
    double gap = extent().most - extent().least;
    parts.set(0, new MergedPart(1, gap, 0, new double[] {value}));
    return new MergeBound(asked.convention, lse, parts, true, Collections.max(Stack.SUMS));
  }

  /** The least and the greatest log-sum-exp of parts with tokens, the largest output. */
  private record Extent(double least, double most, double value) {}

  private Extent extent() {
    if (extent.isEmpty()) {
      double[] lses = Arrays.stream(asked.lses()).filter(Double::isFinite).toArray();
      double value = 0;
      for (int at = 0; at < asked.shards * asked.rows(); at++) {
        for (int i = 0; i < asked.dim && asked.living(at / asked.rows(), at % asked.rows()); i++) {
          double output = Math.abs(asked.output(at / asked.rows(), at % asked.rows(), i));
          value = Math.max(value, Double.isFinite(output) ? output : 0);
        }
      }
      extent =
          Optional.of(
              new Extent(
                  Arrays.stream(lses).min().orElse(0), Arrays.stream(lses).max().orElse(0), value));
    }
    return extent.get();
  }
}
