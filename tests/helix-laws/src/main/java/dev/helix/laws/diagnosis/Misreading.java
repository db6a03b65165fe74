package dev.helix.laws.diagnosis;

import dev.helix.attention.convention.LogBase;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.KnownMergeFaults.KnownMergeFault;
import dev.helix.laws.merge.states.Stack;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A merge that misreads its question or misplaces its answer. No system is known to have shipped
 * it.
 *
 * @param what what is misread
 * @param merge merges partial states whose log-sum-exps are in nats
 */
record Misreading(String what, UnaryOperator<PlainStates> merge) implements KnownMergeFault {
  @Override
  public String name() {
    return '"' + what + '"';
  }

  static List<Misreading> all() {
    return List.of(
        of("all shards weigh alike, whatever their LSEs are", Misreading::weighedAlike),
        of(
            "all shards weigh alike, and the merged LSE is the greatest plus the logarithm of their"
                + " number",
            Misreading::counted),
        of("the shard of the greatest LSE alone is taken", Misreading::heaviest),
        of(
            "the output of a row without tokens is NaN, and its LSE is right",
            Misreading::nanOfNothing),
        of(
            "what a shard without tokens holds is multiplied by its weight of 0, also where no"
                + " shard has tokens",
            Misreading::zeroTimesAnything),
        of("the weights are those of the negated LSEs", Misreading::negated),
        of("the weighted sum is not divided by the sum of the weights", Misreading::undivided),
        of("the merged LSE is the greatest LSE", Misreading::greatest),
        of("the first shard is left out", (lses, outputs) -> without(0, lses, outputs)),
        of(
            "the last shard is left out",
            (lses, outputs) -> without(lses.length - 1, lses, outputs)),
        new Misreading(
            "the answer has heads and tokens exchanged",
            states -> exchanged(states.merged(RowMerge::correct))));
  }

  private static Misreading of(String name, RowMerge merge) {
    return new Misreading(name, states -> states.merged(merge));
  }

  private static double[] weighedAlike(double[] lses, double[][] outputs) {
    double[] alike =
        Arrays.stream(lses).map(lse -> lse == Double.NEGATIVE_INFINITY ? lse : 0).toArray();
    double[] result = RowMerge.correct(alike, outputs);
    result[0] = RowMerge.correct(lses, outputs)[0];
    return result;
  }

  private static double[] counted(double[] lses, double[][] outputs) {
    double[] result = weighedAlike(lses, outputs);
    double greatest = Arrays.stream(lses).max().orElseThrow();
    long live = Arrays.stream(lses).filter(lse -> lse != Double.NEGATIVE_INFINITY).count();
    result[0] = live == 0 ? greatest : greatest + Math.log((double) live);
    return result;
  }

  private static double[] heaviest(double[] lses, double[][] outputs) {
    double[] result = RowMerge.correct(lses, outputs);
    int heaviest = 0;
    for (int shard = 1; shard < lses.length; shard++) {
      heaviest = lses[shard] > lses[heaviest] ? shard : heaviest;
    }
    if (result[0] != Double.NEGATIVE_INFINITY) {
      System.arraycopy(outputs[heaviest], 0, result, 1, outputs[heaviest].length);
    }
    return result;
  }

  private static double[] nanOfNothing(double[] lses, double[][] outputs) {
    double[] result = RowMerge.correct(lses, outputs);
    if (result[0] == Double.NEGATIVE_INFINITY) {
      Arrays.fill(result, 1, result.length, Double.NaN);
    }
    return result;
  }

  private static double[] zeroTimesAnything(double[] lses, double[][] outputs) {
    double[] result = RowMerge.correct(lses, outputs);
    for (int shard = 0; shard < lses.length; shard++) {
      if (lses[shard] == Double.NEGATIVE_INFINITY) {
        RowMerge.add(result, 0, outputs[shard]);
      }
    }
    return result;
  }

  private static double[] negated(double[] lses, double[][] outputs) {
    double[] negated =
        Arrays.stream(lses).map(lse -> lse == Double.NEGATIVE_INFINITY ? lse : -lse).toArray();
    double[] result = RowMerge.correct(negated, outputs);
    result[0] = RowMerge.correct(lses, outputs)[0];
    return result;
  }

  private static double[] undivided(double[] lses, double[][] outputs) {
    double[] result = RowMerge.correct(lses, outputs);
    double sum = Math.exp(result[0] - Arrays.stream(lses).max().orElseThrow());
    for (int i = 1; i < result.length && result[0] != Double.NEGATIVE_INFINITY; i++) {
      result[i] *= sum;
    }
    return result;
  }

  private static double[] greatest(double[] lses, double[][] outputs) {
    double[] result = RowMerge.correct(lses, outputs);
    result[0] = Arrays.stream(lses).max().orElseThrow();
    return result;
  }

  private static double[] without(int shard, double[] lses, double[][] outputs) {
    double[] others = lses.clone();
    others[shard] = Double.NEGATIVE_INFINITY;
    return RowMerge.correct(others, outputs);
  }

  private static PlainStates exchanged(PlainStates merged) {
    int tokens = merged.tokens();
    int dim = merged.dim();
    double[] outputs = new double[merged.rows() * dim];
    double[] lses = new double[merged.rows()];
    for (int row = 0; row < merged.rows(); row++) {
      int other = row % merged.heads() * tokens + row / merged.heads();
      lses[other] = merged.lses()[row];
      System.arraycopy(merged.outputs(), row * dim, outputs, other * dim, dim);
    }
    return new PlainStates(1, merged.rows(), merged.heads(), outputs, lses);
  }

  @Override
  public Optional<Answer> answer(Stack asked) {
    return Optional.of(answer(asked, merge, asked.convention().base()));
  }

  /**
   * The answer that a merge gives to a question.
   *
   * @param merge merges partial states whose log-sum-exps are in nats
   * @param base the base in which the merge believes the question's log-sum-exps to be
   */
  static Answer answer(Stack asked, UnaryOperator<PlainStates> merge, LogBase base) {
    int rows = asked.tokens() * asked.heads();
    double[] outputs = new double[asked.shards() * rows * asked.dim()];
    double[] lses = new double[asked.shards() * rows];
    for (int at = 0; at < lses.length; at++) {
      lses[at] = base.toNatural(asked.lse(at / rows, at % rows));
      for (int i = 0; i < asked.dim(); i++) {
        outputs[at * asked.dim() + i] = asked.output(at / rows, at % rows, i);
      }
    }
    PlainStates merged =
        merge.apply(new PlainStates(asked.shards(), rows, asked.heads(), outputs, lses));
    return Answer.of(
        asked, merged.outputs(), Arrays.stream(merged.lses()).map(base::fromNatural).toArray());
  }
}
