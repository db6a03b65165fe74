package dev.helix.runtime.sharded.stages;

import dev.helix.attention.convention.Precision;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Judges the output projection, summed over ranks, by the dumped merged outputs and weights.
 *
 * <p>With n inputs of each rank's product y_r = W_r·o_r, u the unit roundoff of sums and v that of
 * outputs, a sum may be off by γ_{n+1}(2u)·Σ_r |W_r||o_r|, for products in a tensor core that adds
 * in any order, and by v·(N + 1)·Σ_r |y_r|: each rank rounds its product, and the all-reduce rounds
 * each of at most N sums, none of which is above Σ_r |y_r|.
 */
public final class ProjectionJudge implements Judge {
  private final ShardedStep step;

  /** Creates the judge. */
  public ProjectionJudge(ShardedStep step) {
    this.step = step;
  }

  @Override
  public Stage stage() {
    return Stage.PROJECTION;
  }

  @Override
  public Optional<String> lacking() {
    for (StepTensor tensor :
        List.of(StepTensor.PROJECTION_WEIGHT, StepTensor.PROJECTED, StepTensor.MERGED_OUTPUT)) {
      if (!step.has(tensor)) {
        return Optional.of(
            tensor == StepTensor.PROJECTION_WEIGHT
                ? "weights of the output projection"
                : tensor + "s");
      }
    }
    return Optional.empty();
  }

  @Override
  public void compare(Scope scope, Tally tally) {
    compare(scope, rank -> 1, rank -> rank, tally);
  }

  @Override
  public List<Suspect> suspects() {
    int kvp = step.facts().shape().kvp();
    List<Suspect> all = new ArrayList<>();
    for (int left = 0; left < kvp && kvp > 1; left++) {
      int without = left;
      all.add(
          new Suspect(
              "rank %d left out of the sum".formatted(left),
              (scope, tally) ->
                  compare(scope, rank -> rank == without ? 0 : 1, rank -> rank, tally)));
    }
    if (kvp > 1) {
      all.add(
          new Suspect(
              "sum taken over the ranks twice",
              (scope, tally) -> compare(scope, rank -> kvp, rank -> rank, tally)));
      all.add(
          new Suspect(
              "weights of ranks in reverse order",
              (scope, tally) -> compare(scope, rank -> 1, rank -> kvp - 1 - rank, tally)));
      all.add(
          new Suspect(
              "weights of the next rank",
              (scope, tally) -> compare(scope, rank -> 1, rank -> (rank + 1) % kvp, tally)));
    }
    return List.copyOf(all);
  }

  private void compare(
      Scope scope, IntUnaryOperator times, IntUnaryOperator weightsOf, Tally tally) {
    for (int token = 0; token < step.facts().tokens().size(); token++) {
      if (scope.hasToken(token)) {
        Sums sums = sums(token, times, weightsOf);
        for (RankStep rank : step.ranks()) {
          if (scope.hasRank(rank.rank())) {
            int hidden = sums.expected.length;
            double[] all = rank.get(StepTensor.PROJECTED);
            tally.addAll(
                new Place(rank.rank(), token, Place.NO_HEAD),
                i -> "projected[" + i + "]",
                Arrays.copyOfRange(all, token * hidden, (token + 1) * hidden),
                sums.expected,
                sums.bounds);
          }
        }
      }
    }
  }

  private Sums sums(int token, IntUnaryOperator times, IntUnaryOperator weightsOf) {
    StepShape shape = step.facts().shape();
    int inputs = shape.ownHeads() * shape.valueDim();
    int hidden = step.ranks().get(0).get(StepTensor.PROJECTION_WEIGHT).length / inputs;
    Precision precision = step.facts().forms().convention().precision();
    double sumsUnit = 2 * Precision.unit(precision.lse());
    double gamma = (inputs + 1) * sumsUnit / (1 - (inputs + 1) * sumsUnit);
    double rounding = Precision.unit(precision.output()) * (shape.kvp() + 1);
    // Where sums are double precision too, the reference rounds as much as the program.
    double programs = precision.lse() == DType.F64 ? 2 : 1;
    Sums sums = new Sums(new double[hidden], new double[hidden]);
    for (RankStep rank : step.ranks()) {
      double[] weight =
          step.ranks().get(weightsOf.applyAsInt(rank.rank())).get(StepTensor.PROJECTION_WEIGHT);
      double[] merged = rank.get(StepTensor.MERGED_OUTPUT);
      for (int out = 0; out < hidden; out++) {
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < inputs; i++) {
          double product = weight[out * inputs + i] * merged[token * inputs + i];
          sum += product;
          magnitude += Math.abs(product);
        }
        double factor = times.applyAsInt(rank.rank());
        sums.expected[out] += factor * sum;
        sums.bounds[out] +=
            factor
                * (programs * gamma * magnitude
                    + rounding * (1 + rounding) * (Math.abs(sum) + gamma * magnitude)
                    + Precision.tiny(precision.output()));
      }
    }
    return sums;
  }

  /** The sums of one token, {@code [hidden]}, and their bounds. */
  @SuppressWarnings("ArrayRecordComponent") // It is compared with at once, and nobody keeps it.
  private record Sums(double[] expected, double[] bounds) {}
}
