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
 * <p>In latent attention a merged output is over latents, and first becomes values, w = W_v·o.
 * These may be off by e = γ_{L+1}(2u)·|W_v||o| + v·|w|, for L components of a latent; then |W_r|e
 * is added to what a sum may be off by, and |w| + e stands in place of |o| in what follows.
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
    return fitting();
  }

  /** Says that weights do not fit merged outputs; empty if they do. */
  private Optional<String> fitting() {
    StepShape shape = step.facts().shape();
    int merged = shape.ownHeads() * shape.valueDim();
    for (RankStep rank : step.ranks()) {
      int columns = columns(rank);
      int made = rank.has(StepTensor.VALUE_UP) ? columns * shape.valueDim() : merged;
      int there = rank.has(StepTensor.VALUE_UP) ? rank.get(StepTensor.VALUE_UP).length : columns;
      boolean whole = rank.get(StepTensor.PROJECTION_WEIGHT).length == columns * hidden();
      if (!whole || columns % shape.ownHeads() != 0 || made != there) {
        return Optional.of(
            "weights that fit merged outputs: those of the output projection have %d columns, and merged outputs %d numbers"
                .formatted(columns, merged));
      }
    }
    return Optional.empty();
  }

  private int hidden() {
    return step.ranks().get(0).get(StepTensor.PROJECTED).length
        / Math.max(1, step.facts().tokens().size());
  }

  private int columns(RankStep rank) {
    return rank.get(StepTensor.PROJECTION_WEIGHT).length / Math.max(1, hidden());
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
    int hidden = hidden();
    Precision precision = step.facts().forms().convention().precision();
    double rounding = Precision.unit(precision.output()) * (step.facts().shape().kvp() + 1);
    Sums sums = new Sums(new double[hidden], new double[hidden]);
    for (RankStep rank : step.ranks()) {
      RankStep other = step.ranks().get(weightsOf.applyAsInt(rank.rank()));
      double[] weight = other.get(StepTensor.PROJECTION_WEIGHT);
      Inputs inputs = inputs(rank, token);
      int count = inputs.numbers.length;
      double gamma = gamma(count);
      for (int out = 0; out < hidden; out++) {
        double sum = 0;
        double magnitude = 0;
        double given = 0;
        for (int i = 0; i < count; i++) {
          double product = weight[out * count + i] * inputs.numbers[i];
          sum += product;
          magnitude += Math.abs(product);
          given += Math.abs(weight[out * count + i]) * inputs.errors[i];
        }
        double factor = times.applyAsInt(rank.rank());
        double product = given + programs() * gamma * (magnitude + given);
        sums.expected[out] += factor * sum;
        sums.bounds[out] +=
            factor
                * (product
                    + rounding * (1 + rounding) * (Math.abs(sum) + product)
                    + Precision.tiny(precision.output()));
      }
    }
    return sums;
  }

  /** Where sums are double precision too, the reference rounds as much as the program. */
  private double programs() {
    return step.facts().forms().convention().precision().lse() == DType.F64 ? 2 : 1;
  }

  private double gamma(int inputs) {
    double unit = 2 * Precision.unit(step.facts().forms().convention().precision().lse());
    return (inputs + 1) * unit / (1 - (inputs + 1) * unit);
  }

  /** What a rank's columns are multiplied by for one token. */
  private Inputs inputs(RankStep rank, int token) {
    StepShape shape = step.facts().shape();
    int dim = shape.valueDim();
    int from = token * shape.ownHeads() * dim;
    double[] merged = rank.get(StepTensor.MERGED_OUTPUT);
    if (!rank.has(StepTensor.VALUE_UP)) {
      double[] own = Arrays.copyOfRange(merged, from, from + shape.ownHeads() * dim);
      return new Inputs(own, new double[own.length]);
    }
    double[] up = rank.get(StepTensor.VALUE_UP);
    Precision precision = step.facts().forms().convention().precision();
    Inputs inputs = new Inputs(new double[up.length / dim], new double[up.length / dim]);
    int values = inputs.numbers.length / shape.ownHeads();
    for (int i = 0; i < inputs.numbers.length; i++) {
      double sum = 0;
      double magnitude = 0;
      for (int c = 0; c < dim; c++) {
        double product = up[i * dim + c] * merged[from + i / values * dim + c];
        sum += product;
        magnitude += Math.abs(product);
      }
      double summed = programs() * gamma(dim) * magnitude;
      inputs.numbers[i] = sum;
      inputs.errors[i] =
          summed
              + Precision.unit(precision.output()) * (Math.abs(sum) + summed)
              + Precision.tiny(precision.output());
    }
    return inputs;
  }

  /** Numbers of one token, and how far a program's may be from them. */
  @SuppressWarnings("ArrayRecordComponent") // They are multiplied at once, and nobody keeps them.
  private record Inputs(double[] numbers, double[] errors) {}

  /** The sums of one token, {@code [hidden]}, and their bounds. */
  @SuppressWarnings("ArrayRecordComponent") // It is compared with at once, and nobody keeps it.
  private record Sums(double[] expected, double[] bounds) {}
}
