package dev.helix.runtime.sharded.stages;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.faults.merge.MergeFault;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.PlainStates;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The known faults of a merge: misreadings of what it is given, and the merges of the museum. The
 * base-2 fault of the museum is named as it is there.
 */
final class MergeSuspects {
  /** Of more heads there are too many pairs to try. */
  private static final int MOST_HEADS = 8;

  private final Convention convention;
  private final LogBase base;
  private final StepShape shape;
  private final int kvp;
  private final MergeJudge judge;
  private final List<Suspect> all = new ArrayList<>();

  MergeSuspects(ShardedStep step, MergeJudge judge) {
    this.convention = step.facts().forms().convention();
    this.base = convention.base();
    this.shape = step.facts().shape();
    this.kvp = shape.kvp();
    this.judge = judge;
  }

  List<Suspect> all() {
    if (base == LogBase.TWO) {
      given(MergeFaults.BASE_2_AS_E.story().name(), judge.inputs()::of);
    } else {
      given(
          "base-e LSE merged as base 2",
          rank -> times(LogBase.TWO.nats(), judge.inputs().of(rank)));
    }
    // Divided by ln 2, base-2 LSEs are what a merge in base e takes them for, and the reverse.
    if (base == LogBase.TWO) {
      given("LSE times ln 2", rank -> times(LogBase.TWO.nats(), judge.nats(rank)));
    } else {
      given(
          "LSE divided by ln 2: base-2 LSE merged as base e",
          rank -> times(1 / LogBase.TWO.nats(), judge.nats(rank)));
    }
    if (judge.inputs().haveSenders()) {
      given(
          "LSE [tokens, heads] read as [heads, tokens] before the exchange",
          rank -> judge.inNats(judge.inputs().transposedBeforeTheExchange(rank)));
    }
    if (convention.marks().mayBeRead(Double.POSITIVE_INFINITY)) {
      given(
          "LSEs of +inf and NaN, which mean no tokens, merged as numbers",
          rank -> judge.inNats(judge.inputs().withoutMarks().of(rank)));
    }
    for (int left = 0; left < kvp && kvp > 1; left++) {
      int rank = left;
      given("rank %d left out".formatted(rank), own -> without(rank, judge.nats(own)));
    }
    orders();
    given("all ranks weigh alike", rank -> alike(judge.nats(rank)));
    merges("all ranks weigh alike, those without tokens too", MergeSuspects::averaged);
    given("weights of the negated LSEs", rank -> times(-1, judge.nats(rank)));
    senders();
    heads();
    merges("weighted sum not divided by the sum of weights", MergeSuspects::undivided);
    List<MergeFault> museum = new ArrayList<>(MergeFaults.all());
    museum.addAll(TileFaults.all());
    museum.remove(MergeFaults.BASE_2_AS_E);
    museum.forEach(fault -> merges(fault.story().name(), fault::merged));
    return List.copyOf(all);
  }

  private void orders() {
    order("ranks in reverse order", rank -> kvp - 1 - rank);
    order("ranks in an order that begins with the second", rank -> (rank + 1) % kvp);
    order("ranks in an order that begins with the last", rank -> (rank + kvp - 1) % kvp);
  }

  /**
   * Where each rank scales its own part before the sum, one rank can do so wrongly, and then all
   * merged outputs are wrong.
   */
  private void senders() {
    if (convention.protocol().renormalises()) {
      return;
    }
    LogBase other = base == LogBase.TWO ? LogBase.E : LogBase.TWO;
    double power = other.nats() / base.nats();
    String inOther = "weights taken to base " + (other == LogBase.TWO ? "2" : "e");
    merges(inOther, states -> summed(states, (shard, weight) -> Math.pow(weight, power)));
    for (int one = 0; one < kvp; one++) {
      int rank = one;
      merges(
          "part of rank %d missing from the sum".formatted(rank),
          states -> summed(states, (shard, weight) -> shard == rank ? 0 : weight));
      merges(
          "part of rank %d added without its weight".formatted(rank),
          states -> summed(states, (shard, weight) -> shard == rank ? 1 : weight));
      merges(
          "part of rank %d: %s".formatted(rank, inOther),
          states ->
              summed(states, (shard, weight) -> shard == rank ? Math.pow(weight, power) : weight));
    }
  }

  /** Two heads of a rank in each other's place, as after a wrong reordering. */
  private void heads() {
    int own = shape.ownHeads();
    if (own > MOST_HEADS) {
      return;
    }
    for (int first = 0; first < own; first++) {
      for (int second = first + 1; second < own; second++) {
        int a = first;
        int b = second;
        given(
            "heads %d and %d of a rank exchanged".formatted(a, b),
            rank -> exchanged(judge.nats(rank), a, b));
      }
    }
  }

  private static PlainStates exchanged(PlainStates states, int first, int second) {
    double[] lses = states.lses().clone();
    double[] outputs = states.outputs().clone();
    int dim = states.dim();
    for (int row = 0; row < lses.length; row++) {
      int head = row % states.heads();
      if (head == first || head == second) {
        int from = row - head + (head == first ? second : first);
        lses[row] = states.lses()[from];
        System.arraycopy(states.outputs(), from * dim, outputs, row * dim, dim);
      }
    }
    return new PlainStates(states.shards(), states.rows(), states.heads(), outputs, lses);
  }

  /** A part's factor made of the part's weight, which is its share of the whole. */
  private interface Factor {
    double of(int shard, double weight);
  }

  /** The sum of scaled parts under the right merged log-sum-exp. */
  private static PlainStates summed(PlainStates states, Factor factor) {
    return states.merged(
        (lses, outputs) -> {
          double[] result = RowMerge.correct(lses, outputs);
          double whole = result[0];
          Arrays.fill(result, 1, result.length, 0);
          for (int shard = 0; shard < lses.length && whole > Double.NEGATIVE_INFINITY; shard++) {
            if (lses[shard] > Double.NEGATIVE_INFINITY) {
              double by = factor.of(shard, Math.exp(lses[shard] - whole));
              for (int i = 1; i < result.length; i++) {
                result[i] += by * outputs[shard][i - 1];
              }
            }
          }
          return result;
        });
  }

  /** The mean of all parts, where a part without tokens counts as zeros. */
  private static PlainStates averaged(PlainStates states) {
    return states.merged(
        (lses, outputs) -> {
          double[] result = RowMerge.correct(lses, outputs);
          Arrays.fill(result, 1, result.length, 0);
          for (int shard = 0; shard < lses.length; shard++) {
            for (int i = 1; i < result.length && lses[shard] > Double.NEGATIVE_INFINITY; i++) {
              result[i] += outputs[shard][i - 1] / lses.length;
            }
          }
          return result;
        });
  }

  private void order(String name, IntUnaryOperator other) {
    if (kvp > 1) {
      given("LSEs of " + name, rank -> reordered(judge.nats(rank), other));
      given("heads of " + name, rank -> judge.nats(other.applyAsInt(rank)));
    }
  }

  private void given(String name, IntFunction<PlainStates> states) {
    all.add(
        new Suspect(
            name,
            (scope, tally) ->
                judge.compare(scope, states, s -> s.merged(RowMerge::correct), tally)));
  }

  private void merges(String name, UnaryOperator<PlainStates> merge) {
    all.add(new Suspect(name, (scope, tally) -> judge.compare(scope, judge::nats, merge, tally)));
  }

  private static PlainStates times(double factor, PlainStates states) {
    return states.withLses(
        Arrays.stream(states.lses())
            .map(lse -> lse == Double.NEGATIVE_INFINITY ? lse : lse * factor)
            .toArray());
  }

  private static PlainStates alike(PlainStates states) {
    return times(0, states);
  }

  private static PlainStates without(int rank, PlainStates states) {
    double[] lses = states.lses().clone();
    int rows = states.rows();
    Arrays.fill(lses, rank * rows, (rank + 1) * rows, Double.NEGATIVE_INFINITY);
    return states.withLses(lses);
  }

  private static PlainStates reordered(PlainStates states, IntUnaryOperator other) {
    double[] lses = new double[states.lses().length];
    int rows = states.rows();
    for (int shard = 0; shard < states.shards(); shard++) {
      System.arraycopy(states.lses(), other.applyAsInt(shard) * rows, lses, shard * rows, rows);
    }
    return states.withLses(lses);
  }

  private static PlainStates undivided(PlainStates states) {
    return states.merged(
        (lses, outputs) -> {
          double[] result = RowMerge.correct(lses, outputs);
          double greatest = Arrays.stream(lses).max().orElseThrow();
          double sum = greatest == Double.NEGATIVE_INFINITY ? 0 : Math.exp(result[0] - greatest);
          for (int i = 1; i < result.length; i++) {
            result[i] *= sum;
          }
          return result;
        });
  }
}
