package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of some requests, of some heads, of some senders, and of nothing that is known. */
class ExplanationScopeTest {
  private static final int OWN_HEADS = 2;
  private static final int DIM = 16;
  private static final DrawnStep DRAWN = new DrawnStep(1, Kind.plain(), 40, 70, 90);

  @Test
  void aFaultOfOneRequestIsNamedForIt() {
    Explanation explanation = only(mergedWrongly(row -> row / OWN_HEADS == 1), Stage.MERGE);
    assertEquals(List.of("rank 0 left out"), names(explanation));
    assertEquals(new Scope(Set.of(0, 1, 2, 3), Set.of(1)), explanation.scope());
    assertTrue(explanation.isWhole());
  }

  @Test
  void aFaultOfOneHeadIsNamedForIt() {
    ShardedStep step = mergedWrongly(row -> row % OWN_HEADS == 1);
    Explanation explanation = only(onRank(step, 2), Stage.MERGE);
    assertEquals(List.of("rank 0 left out"), names(explanation));
    assertEquals(new Scope(Set.of(2), Set.of(), Set.of(5)), explanation.scope());
    assertEquals(3 * DIM, explanation.elements());
  }

  /** The worst token is that of request 0, whose numbers are noise. */
  @Test
  void aFaultThatExplainsAllButTheWorstTokenIsTheNearest() {
    ShardedStep wrong = mergedWrongly(row -> row / OWN_HEADS > 0);
    ShardedStep step =
        wrong.changed(
            rank -> {
              double[] merged = rank.get(StepTensor.MERGED_OUTPUT).clone();
              Arrays.setAll(merged, i -> i < OWN_HEADS * DIM ? 1e3 + i * i % 7 : merged[i]);
              return rank.with(StepTensor.MERGED_OUTPUT, merged);
            });
    Explanation explanation = only(step, Stage.MERGE);
    assertEquals(List.of("rank 0 left out"), names(explanation));
    assertEquals(4 * 2 * OWN_HEADS * DIM, explanation.best().get(0).explained());
  }

  @Test
  void aFaultThatExplainsLittleIsNotTheNearest() {
    ShardedStep wrong = mergedWrongly(row -> row == 0);
    ShardedStep step =
        wrong.changed(
            rank -> {
              double[] merged = rank.get(StepTensor.MERGED_OUTPUT).clone();
              Arrays.setAll(merged, i -> i < DIM ? merged[i] : 1e3 + i * i % 7);
              return rank.with(StepTensor.MERGED_OUTPUT, merged);
            });
    assertEquals(List.of(), names(only(step, Stage.MERGE)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aCausalMaskThatIsOneOffIsCalledSo(int more) {
    DrawnStep drawn = new DrawnStep(1, Kind.plain().tokens(3), 40, 71);
    GpuKernel kernel = new GpuKernel();
    kernel.slots =
        (step, rank, token) -> {
          TokenOwners owners = step.facts.owners();
          int seen = Math.min(token.visible() + more, owners.length(token.request()));
          return new int[] {0, owners.localLength(token.request(), rank, seen)};
        };
    Explanation explanation = only(drawn.dumped(kernel, new GpuMerge()), Stage.PARTIAL);
    assertTrue(explanation.isWhole());
    assertEquals(
        more < 0
            ? "causal mask one token short: a token does not see itself"
            : "causal mask one token long: a token sees the next one",
        names(explanation).get(0));
  }

  /** Each rank scales its own part, so that one rank's fault makes all outputs wrong. */
  @Test
  void theRankThatScalesWronglyIsNamedWhereEachScalesItsOwnPart() {
    DrawnStep drawn = new DrawnStep(1, Kind.plain(), NamedConventions.VLLM_DCP_AGRS, 40, 70, 90);
    GpuMerge merge = new GpuMerge();
    merge.scaled = (rank, weight) -> rank == 1 ? 0 : weight;
    Explanation explanation = only(drawn.dumped(new GpuKernel(), merge), Stage.MERGE);
    assertEquals(List.of("part of rank 1 missing from the sum"), names(explanation));
    merge.scaled = (rank, weight) -> rank == 1 ? Math.pow(weight, Math.log(2)) : weight;
    explanation = only(drawn.dumped(new GpuKernel(), merge), Stage.MERGE);
    assertEquals(List.of("part of rank 1: weights taken to base 2"), names(explanation));
  }

  @Test
  void aRankThatIsNotHeardIsNamed() {
    ShardedStep step =
        exchanged(
            (lses, outputs) -> {
              Arrays.fill(lses, 2 * 3 * OWN_HEADS, 3 * 3 * OWN_HEADS, Double.NEGATIVE_INFINITY);
              Arrays.fill(outputs, 2 * 3 * OWN_HEADS * DIM, 3 * 3 * OWN_HEADS * DIM, 0);
            });
    assertEquals(
        List.of("nothing received from rank 2: zeros, or a part without tokens"),
        names(only(step, Stage.EXCHANGE)));
  }

  @Test
  void logSumExpsAloneInTheOrderOfOtherRanksAreNamed() {
    ShardedStep step =
        exchanged(
            (lses, outputs) -> {
              double[] first = Arrays.copyOf(lses, 3 * OWN_HEADS);
              System.arraycopy(lses, 3 * OWN_HEADS, lses, 0, 3 * OWN_HEADS);
              System.arraycopy(first, 0, lses, 3 * OWN_HEADS, 3 * OWN_HEADS);
            });
    assertEquals(
        List.of("LSEs alone: parts of ranks 0 and 1 exchanged"), names(only(step, Stage.EXCHANGE)));
  }

  /** Changes what rank 1 has received. */
  private interface Received {
    void change(double[] lses, double[] outputs);
  }

  /** A step whose ranks have received what was sent, but for rank 1. */
  private static ShardedStep exchanged(Received change) {
    ShardedStep right = DRAWN.dumped(new GpuKernel(), new GpuMerge());
    int tokens = 3;
    return right.changed(
        receiver -> {
          double[] lses = new double[4 * tokens * OWN_HEADS];
          double[] outputs = new double[lses.length * DIM];
          for (int at = 0; at < lses.length; at++) {
            RankStep sender = right.ranks().get(at / (tokens * OWN_HEADS));
            int token = at / OWN_HEADS % tokens;
            int row = token * 8 + receiver.rank() * OWN_HEADS + at % OWN_HEADS;
            lses[at] = sender.get(StepTensor.PARTIAL_LSE)[row];
            System.arraycopy(
                sender.get(StepTensor.PARTIAL_OUTPUT), row * DIM, outputs, at * DIM, DIM);
          }
          if (receiver.rank() == 1) {
            change.change(lses, outputs);
          }
          return receiver
              .with(StepTensor.RECEIVED_LSE, lses)
              .with(StepTensor.RECEIVED_OUTPUT, outputs);
        });
  }

  /** A step in whose merge rank 0 is left out, in those rows of each rank. */
  private static ShardedStep mergedWrongly(IntPredicate wrong) {
    GpuMerge merge = new GpuMerge();
    merge.without = 0;
    ShardedStep faulty = DRAWN.dumped(new GpuKernel(), merge);
    return DRAWN
        .dumped(new GpuKernel(), new GpuMerge())
        .changed(
            rank -> {
              double[] merged = rank.get(StepTensor.MERGED_OUTPUT).clone();
              double[] other = faulty.ranks().get(rank.rank()).get(StepTensor.MERGED_OUTPUT);
              Arrays.setAll(merged, i -> wrong.test(i / DIM) ? other[i] : merged[i]);
              return rank.with(StepTensor.MERGED_OUTPUT, merged);
            });
  }

  /** The step with the fault on one rank alone. */
  private static ShardedStep onRank(ShardedStep step, int only) {
    ShardedStep right = DRAWN.dumped(new GpuKernel(), new GpuMerge());
    return step.changed(rank -> rank.rank() == only ? rank : right.ranks().get(rank.rank()));
  }

  private static Explanation only(ShardedStep step, Stage stage) {
    List<Explanation> explanations =
        StepVerdict.of(step, EnumSet.of(stage), Map.of(), read -> {}).stage(stage).explanations();
    assertEquals(1, explanations.size(), explanations::toString);
    return explanations.get(0);
  }

  private static List<String> names(Explanation explanation) {
    return explanation.best().stream().map(Explanation.Fit::fault).toList();
  }
}
