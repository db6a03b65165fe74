package dev.helix.runtime.sharded.stages;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** Judges the merged outputs by the partial states that the dump says were merged. */
public final class MergeJudge implements Judge {
  private final ShardedStep step;
  private final MergeInputs inputs;
  private final RowMerge merge;

  /** Creates the judge, whose reference is in double precision. */
  public MergeJudge(ShardedStep step) {
    this(step, Digits.DOUBLE);
  }

  /** Creates a judge whose reference has these digits. */
  public MergeJudge(ShardedStep step, Digits digits) {
    this.merge = right(digits);
    this.step = step;
    this.inputs = new MergeInputs(step);
  }

  @Override
  public Stage stage() {
    return Stage.MERGE;
  }

  @Override
  public Optional<String> lacking() {
    if (!step.has(StepTensor.MERGED_OUTPUT)) {
      return Optional.of("merged outputs");
    }
    return inputs.areThere() ? Optional.empty() : Optional.of("the partial states of every rank");
  }

  @Override
  public void compare(Scope scope, Tally tally) {
    compare(scope, this::nats, states -> states.merged(merge), tally);
  }

  /** The right merge with these digits. */
  static RowMerge right(Digits digits) {
    return digits == Digits.FIFTY ? DecimalMerge::correct : RowMerge::correct;
  }

  /** What a rank merges, with natural log-sum-exps. */
  PlainStates nats(int rank) {
    return inNats(inputs.of(rank));
  }

  PlainStates inNats(PlainStates states) {
    Convention convention = step.facts().forms().convention();
    return states.withLses(
        Arrays.stream(states.lses()).map(convention.base()::toNatural).toArray());
  }

  MergeInputs inputs() {
    return inputs;
  }

  /**
   * Compares with another merge.
   *
   * @param given what each rank is given, with natural log-sum-exps
   * @param merge what it makes of them; bounds are those of the right merge of the same states
   */
  void compare(
      Scope scope, IntFunction<PlainStates> given, UnaryOperator<PlainStates> merge, Tally tally) {
    for (RankStep rank : step.ranks()) {
      if (scope.hasRank(rank.rank())) {
        PlainStates states = given.apply(rank.rank());
        PlainStates right = nats(rank.rank());
        compare(rank, states, merge.apply(states), row -> row(right, row).isEmpty(), scope, tally);
      }
    }
  }

  private void compare(
      RankStep rank,
      PlainStates states,
      PlainStates merged,
      IntPredicate rightlyEmpty,
      Scope scope,
      Tally tally) {
    int own = states.heads();
    int dim = states.dim();
    double[] outputs = rank.get(StepTensor.MERGED_OUTPUT);
    for (int row = 0; row < states.rows(); row++) {
      if (!scope.hasToken(row / own)) {
        continue;
      }
      Optional<Row> bounded = row(states, row);
      if (bounded.isEmpty() && rightlyEmpty.test(row)) {
        continue;
      }
      Place place = new Place(rank.rank(), row / own, rank.rank() * own + row % own);
      double[] expected = Arrays.copyOfRange(merged.outputs(), row * dim, (row + 1) * dim);
      tally.addAll(
          place,
          i -> "merged output[" + i + "]",
          Arrays.copyOfRange(outputs, row * dim, (row + 1) * dim),
          expected,
          // A fault that leaves nothing of a row makes zeros of it, and explains no other numbers.
          bounded.map(bounds -> bounds.outputs(expected)).orElseGet(() -> new double[dim]));
      if (rank.has(StepTensor.MERGED_LSE)) {
        Convention convention = step.facts().forms().convention();
        double got = rank.get(StepTensor.MERGED_LSE)[row];
        LogBase answered = convention.weights().answered();
        double lse = answered.fromNatural(merged.lses()[row]);
        double right = bounded.isPresent() ? lse : PartialJudge.mark(convention, got);
        // The bound is in the base of the parts.
        double unit = convention.base().nats() / answered.nats();
        double bound = bounded.map(bounds -> bounds.bound.lse(1) * unit).orElse(0.0);
        tally.add(new Element(place, "merged LSE", got, right, bound));
      }
    }
  }

  /** The bounds of one row; empty if no part has tokens, where a merge is free. */
  private Optional<Row> row(PlainStates states, int row) {
    List<MergedPart> parts = new ArrayList<>();
    double[] lses = new double[states.shards()];
    double[][] outputs = new double[states.shards()][];
    int dim = states.dim();
    for (int shard = 0; shard < lses.length; shard++) {
      int at = shard * states.rows() + row;
      lses[shard] = states.lses()[at];
      outputs[shard] = Arrays.copyOfRange(states.outputs(), at * dim, (at + 1) * dim);
    }
    double lse = RowMerge.correct(lses, outputs)[0];
    if (lse == Double.NEGATIVE_INFINITY) {
      return Optional.empty();
    }
    for (int shard = 0; shard < lses.length; shard++) {
      if (lses[shard] != Double.NEGATIVE_INFINITY) {
        double gap = Math.max(0, lse - lses[shard]);
        parts.add(new MergedPart(Math.exp(-gap), gap, 0, outputs[shard]));
      }
    }
    Convention convention = step.facts().forms().convention();
    MergeBound bound =
        new MergeBound(convention, lse, parts, true, 1)
            .inLevels(convention.contract().levels(states.shards()));
    return Optional.of(new Row(convention, bound));
  }

  private record Row(Convention convention, MergeBound bound) {
    /** Both programs round where the implementation's numbers are doubles too. */
    private static final int TWO_PROGRAMS = 2;

    /** The bounds for expected outputs, which are those of the right merge or of a suspect. */
    double[] outputs(double[] expected) {
      DType format = convention.precision().output();
      double[] bounds = new double[expected.length];
      for (int i = 0; i < bounds.length; i++) {
        double rounded = Precision.unit(format) * Math.abs(expected[i]);
        double right = bound.output(i, 1);
        bounds[i] = format == DType.F64 ? TWO_PROGRAMS * right : Math.max(right, rounded);
      }
      return bounds;
    }
  }

  @Override
  public List<Suspect> suspects() {
    return new MergeSuspects(step, this).all();
  }
}
