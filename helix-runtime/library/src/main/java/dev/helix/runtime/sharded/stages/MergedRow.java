package dev.helix.runtime.sharded.stages;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a dump has of the merge of one head of one token: the parts, and what became of them.
 *
 * @param owner the rank that merges this head
 * @param sent the log-sum-exps that the ranks themselves have dumped, {@code [ranks]}, where they
 *     are there beside what the owner received; else empty
 * @param lses each rank's log-sum-exp in the convention's base, −∞ where it has no tokens; {@code
 *     [ranks]}
 * @param outputs each rank's output, {@code [ranks][dim]}
 * @param merged the dumped merged output, {@code [dim]}; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // It is printed at once, and nobody compares two.
public record MergedRow(
    int owner, Optional<double[]> sent, double[] lses, double[][] outputs, double[] merged) {
  /**
   * The row of a head.
   *
   * @param head counted over the whole group
   * @throws IllegalStateException if the dump has no partial states of all ranks
   */
  public static MergedRow of(ShardedStep step, int token, int head) {
    int own = step.facts().shape().ownHeads();
    int owner = head / own;
    int dim = step.facts().shape().valueDim();
    int row = token * own + head % own;
    MergeInputs inputs = new MergeInputs(step);
    PlainStates states = inputs.of(owner);
    double[][] outputs = new double[states.shards()][];
    for (int rank = 0; rank < outputs.length; rank++) {
      int at = rank * states.rows() + row;
      outputs[rank] = Arrays.copyOfRange(states.outputs(), at * dim, (at + 1) * dim);
    }
    double[] merged =
        step.ranks().get(owner).has(StepTensor.MERGED_OUTPUT)
            ? Arrays.copyOfRange(
                step.ranks().get(owner).get(StepTensor.MERGED_OUTPUT), row * dim, (row + 1) * dim)
            : new double[0];
    Optional<double[]> sent =
        inputs.areReceived() && inputs.haveSenders()
            ? Optional.of(lses(inputs.ofSenders(owner), row))
            : Optional.empty();
    return new MergedRow(owner, sent, lses(states, row), outputs, merged);
  }

  private static double[] lses(PlainStates states, int row) {
    return IntStream.range(0, states.shards())
        .mapToDouble(rank -> states.lses()[rank * states.rows() + row])
        .toArray();
  }

  /** Whether a step's rows are what the owner received, and not what the ranks have computed. */
  public static boolean isReceived(ShardedStep step) {
    return new MergeInputs(step).areReceived();
  }

  /** Whether a step has the partial states that are merged. */
  public static boolean isIn(ShardedStep step) {
    return new MergeInputs(step).areThere();
  }

  /** The greatest log-sum-exp of the parts, in the convention's base. */
  public double greatest() {
    return Arrays.stream(lses).max().orElseThrow();
  }

  /** The weight of a part before it is divided by the sum of all weights. */
  public double weight(Convention convention, int rank) {
    return lses[rank] == Double.NEGATIVE_INFINITY
        ? 0
        : Math.exp((lses[rank] - greatest()) * convention.base().nats());
  }

  /** The sum of the weights of all parts, each relative to the greatest. */
  public double sumOfWeights(Convention convention) {
    return IntStream.range(0, lses.length).mapToDouble(rank -> weight(convention, rank)).sum();
  }

  /** A component of the dumped merged output; empty if there is none. */
  public OptionalDouble merged(int component) {
    return merged.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(merged[component]);
  }
}
