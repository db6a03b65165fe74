package dev.helix.laws.merge;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.laws.JudgedInquiry;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trait;
import dev.helix.laws.Unanswered;
import dev.helix.laws.merge.KnownMergeFaults.KnownMergeFault;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.MergeReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A question that was sent to a merge, and its answer. */
public final class MergeInquiry extends JudgedInquiry {
  /** Rows that are judged of a question; more are asked for only where a mean is looked at. */
  private static final int MOST_ROWS = 512;

  private final Stack asked;
  private final Supplier<Answer> given;
  private Optional<Extent> extent = Optional.empty();

  MergeInquiry(Declaration declared, Stack asked, Supplier<Answer> given) {
    super(asked.convention(), new Sizes(asked.heads(), asked.dim(), declared.returnsLse()));
    this.asked = asked;
    this.given = given;
  }

  /** The question as it was sent. */
  public Stack asked() {
    return asked;
  }

  /**
   * The answer that came; empty if it has the wrong shape, if the merge threw, or if the law was
   * broken before there was one.
   */
  public Optional<Answer> answered() {
    try {
      return Optional.of(given.get());
    } catch (LawViolation | Unanswered e) {
      return Optional.empty();
    }
  }

  @Override
  public String question() {
    return asked.shown(worstRow());
  }

  @Override
  protected Optional<Answer> rows() {
    return answered();
  }

  @Override
  protected IntStream judgedRows() {
    return isToCome()
        ? IntStream.empty()
        : IntStream.range(0, Math.min(MOST_ROWS, asked.rows())).filter(this::hasNumbers);
  }

  private boolean isToCome() {
    try {
      Objects.requireNonNull(given.get(), "an answer");
      return false;
    } catch (LawViolation e) {
      return false;
    } catch (Unanswered e) {
      return true;
    }
  }

  /** A law may also ask for what has NaN in it. */
  private boolean hasNumbers(int row) {
    for (int shard = 0; shard < asked.shards(); shard++) {
      boolean finite = !asked.living(shard, row) || Double.isFinite(asked.lse(shard, row));
      for (int i = 0; finite && asked.living(shard, row) && i < asked.dim(); i++) {
        finite = Double.isFinite(asked.output(shard, row, i));
      }
      if (!finite) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected MergeReference truth(int row) {
    return asked.reference(row);
  }

  @Override
  protected Set<Trait> traits(int row) {
    return MergeTraits.of(asked, row);
  }

  /**
   * Each known fault's answer is compared within a bound that holds for every merge of these parts
   * whose weights are any: a mean with the largest magnitude and the widest gap of the question, in
   * nats and in units of the base, all of it borne by one part.
   */
  @Override
  public List<Agreement> agreements(Predicate<String> of) {
    List<Agreement> agreements = new ArrayList<>();
    for (KnownMergeFault fault : KnownMergeFaults.ofServices()) {
      if (of.test(fault.name()) && !observations().isEmpty()) {
        fault
            .answer(asked)
            .map(
                expected ->
                    agreement(
                        fault.name(), Optional.of(expected), row -> anyWeights(row, expected)))
            .ifPresent(agreements::add);
      }
    }
    return agreements;
  }

  private MergeBound anyWeights(int row, Answer expected) {
    double value = extent().value;
    for (int i = 0; i < asked.dim(); i++) {
      double output = Math.abs(expected.output(row, i));
      value = Math.max(value, Double.isFinite(output) ? output : 0);
    }
    double lse = Math.max(Math.abs(extent().least), Math.abs(extent().most));
    MergedPart none = new MergedPart(0, 0, 0, new double[1]);
    List<MergedPart> parts = new ArrayList<>(Collections.nCopies(asked.shards(), none));
    double gap = extent().most - extent().least;
    parts.set(0, new MergedPart(1, gap, 0, new double[] {value}));
    return new MergeBound(asked.convention(), lse, parts, true, Collections.max(Stack.SUMS));
  }

  /** The least and the greatest log-sum-exp of parts with tokens, the largest output. */
  private record Extent(double least, double most, double value) {}

  private Extent extent() {
    if (extent.isEmpty()) {
      double[] lses = Arrays.stream(asked.lses()).filter(Double::isFinite).toArray();
      double value = 0;
      for (int at = 0; at < asked.shards() * asked.rows(); at++) {
        for (int i = 0;
            i < asked.dim() && asked.living(at / asked.rows(), at % asked.rows());
            i++) {
          double output = Math.abs(asked.output(at / asked.rows(), at % asked.rows(), i));
          value = Math.max(value, Double.isFinite(output) ? output : 0);
        }
      }
      double least = Arrays.stream(lses).min().orElse(0);
      extent = Optional.of(new Extent(least, Arrays.stream(lses).max().orElse(0), value));
    }
    return extent.get();
  }
}
