package dev.helix.runtime.sharded.stages;

import dev.helix.attention.QueryToken;
import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Judges the merged outputs by attention over all tokens that the placement gives to any rank,
 * whatever the ranks say of their partial states and lengths.
 *
 * <p>The reference adds up the same terms as unsharded attention, in another grouping: the states
 * of the ranks' tokens and then these, in double precision. A merged output may be off by Σ pᵢbᵢ,
 * where bᵢ bounds the error of rank i's output and pᵢ is its weight, and by what a merge makes of
 * it whose parts have log-sum-exps within their own bounds ({@link MergeBound}).
 */
public final class WholeJudge implements Judge {
  private final ShardedStep step;
  private final RightStates right;
  private final PartialReference reference;
  private final RowMerge merge;

  /** Creates the judge. */
  public WholeJudge(ShardedStep step, RightStates right, Digits digits) {
    this.step = step;
    this.right = right;
    this.merge = MergeJudge.right(digits);
    this.reference = right.reference();
  }

  @Override
  public Stage stage() {
    return Stage.WHOLE;
  }

  @Override
  public Optional<String> lacking() {
    if (!step.has(StepTensor.MERGED_OUTPUT)) {
      return Optional.of("merged outputs");
    }
    if (!step.hasCaches()) {
      return Optional.of("keys and values of every rank");
    }
    return step.has(StepTensor.QUERY) ? Optional.empty() : Optional.of("queries");
  }

  @Override
  public void compare(Scope scope, Tally tally) {
    compare(scope, (rank, wanted) -> right.of(rank, scope), tally);
  }

  @Override
  public List<Suspect> suspects() {
    List<Suspect> all = new ArrayList<>();
    LocalReading reading = LocalReading.of(step.facts());
    for (RankStep left : step.ranks()) {
      all.add(
          new Suspect(
              "rank %d left out".formatted(left.rank()),
              (scope, tally) ->
                  compare(
                      scope,
                      (rank, wanted) ->
                          reference.of(
                              rank,
                              reading,
                              token -> rank.rank() != left.rank() && wanted.test(token)),
                      tally)));
    }
    all.addAll(new PartialSuspects(step, reading, reference, this::compare).all());
    return List.copyOf(all);
  }

  private void compare(Scope scope, StateComparison.Source source, Tally tally) {
    List<RowStates> states = new ArrayList<>();
    for (RankStep rank : step.ranks()) {
      states.add(source.of(rank, scope::hasToken));
    }
    StepShape shape = step.facts().shape();
    for (int row = 0; row < states.get(0).rows(); row++) {
      int token = row / shape.heads();
      int head = row % shape.heads();
      int rank = head / shape.ownHeads();
      if (scope.hasToken(token) && scope.hasRank(rank)) {
        compare(states, row, new Place(rank, token, head), tally);
      }
    }
  }

  private void compare(List<RowStates> states, int row, Place place, Tally tally) {
    Convention convention = step.facts().forms().convention();
    double[] lses = states.stream().mapToDouble(rank -> rank.lse(row)).toArray();
    double[][] outputs = states.stream().map(rank -> rank.output(row)).toArray(double[][]::new);
    double[] merged = merge.merge(lses, outputs);
    double lse = merged[0];
    int dim = step.facts().shape().valueDim();
    if (lse == Double.NEGATIVE_INFINITY) {
      // A fault that leaves nothing of a row makes zeros of it, and explains no other numbers.
      if (!isRightlyEmpty(place)) {
        add(place, new double[dim], new double[dim], tally);
      }
      return;
    }
    List<MergedPart> parts = new ArrayList<>();
    double[] given = new double[dim];
    for (RowStates rank : states) {
      if (!rank.isEmpty(row)) {
        double gap = Math.max(0, lse - rank.lse(row));
        double error = rank.lseBound(row);
        parts.add(new MergedPart(Math.exp(-gap), gap, error, enlarged(rank, row)));
        double weight = Math.exp(-gap + 2 * error);
        for (int i = 0; i < given.length; i++) {
          given[i] += weight * rank.outputBound(row, i);
        }
      }
    }
    MergeBound bound =
        new MergeBound(convention, lse, parts, true, 1)
            .inLevels(convention.contract().levels(states.size()));
    double cast = Precision.unit(convention.formats().answer());
    // Where sums are in double precision too, the reference rounds as much as the program.
    int programs = convention.formats().lse() == DType.F64 ? 2 : 1;
    for (int i = 0; i < given.length; i++) {
      given[i] = (1 + 2 * cast) * given[i] + programs * bound.output(i, 1);
    }
    add(place, Arrays.copyOfRange(merged, 1, merged.length), given, tally);
  }

  private void add(Place place, double[] expected, double[] bounds, Tally tally) {
    int dim = expected.length;
    int own = step.facts().shape().ownHeads();
    int at = (place.token() * own + place.head() % own) * dim;
    double[] all = step.ranks().get(place.rank()).get(StepTensor.MERGED_OUTPUT);
    tally.addAll(
        place,
        i -> "merged output[" + i + "]",
        Arrays.copyOfRange(all, at, at + dim),
        expected,
        bounds);
  }

  /** Whether no rank has a token of a row, so that its merged output may be anything. */
  private boolean isRightlyEmpty(Place place) {
    LocalReading reading = LocalReading.of(step.facts());
    QueryToken token = step.facts().tokens().get(place.token());
    return step.ranks().stream().allMatch(rank -> reading.isEmpty(rank, token, place.head()));
  }

  /**
   * The output of a rank with each component as large as the rank's own errors may have made it.
   */
  private static double[] enlarged(RowStates rank, int row) {
    double[] output = rank.output(row);
    for (int i = 0; i < output.length; i++) {
      output[i] += Math.copySign(rank.outputBound(row, i), output[i]);
    }
    return output;
  }
}
