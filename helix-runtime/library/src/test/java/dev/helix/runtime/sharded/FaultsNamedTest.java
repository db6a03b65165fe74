package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.DrawnStep.Extras;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A fault in a kernel or in a merge is convicted in its stage, and named. */
class FaultsNamedTest {
  private static final int FAULTY_RANK = 2;
  private static final Kind PLAIN = Kind.plain();
  private static final int SEEDS = Boolean.getBoolean("helix.nightly") ? 20 : 1;

  /**
   * A fault.
   *
   * @param name what the verdict calls it
   * @param only whether only one rank has it
   */
  record Fault(
      String name,
      Stage stage,
      boolean only,
      Kind kind,
      Consumer<GpuKernel> kernel,
      Consumer<GpuMerge> merge) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Fault> faults() {
    List<Fault> all = new ArrayList<>();
    slots(all, "local length one token short", PLAIN, count -> count - 1);
    slots(all, "local length one run of 4 short where it has more", PLAIN, n -> n > 4 ? n - 4 : n);
    slots(all, "local length one run of 4 short", PLAIN, count -> count - 4);
    slots(all, "last page missing", PLAIN, count -> (count - 1) / 8 * 8);
    first(all, "first token missing", 1);
    first(all, "first page of 8 missing", 8);
    kernel(
        all,
        "local length that of the next rank",
        PLAIN,
        k ->
            k.slots =
                (step, rank, token) ->
                    new int[] {
                      0,
                      Math.min(
                          GpuKernel.right(step, rank, token)[1],
                          GpuKernel.right(step, (rank + 1) % 4, token)[1])
                    });
    kernel(
        all,
        "no mask among the tokens of one step",
        PLAIN.tokens(3),
        k ->
            k.slots =
                (step, rank, token) ->
                    new int[] {0, step.facts.owners().localLength(token.request(), rank)});
    kernel(
        all,
        "tokens of one step counted off the local length",
        PLAIN.tokens(3),
        k ->
            k.slots =
                (step, rank, token) -> {
                  TokenOwners owners = step.facts.owners();
                  int behind = owners.length(token.request()) - token.visible();
                  return new int[] {
                    0, Math.max(0, owners.localLength(token.request(), rank) - behind)
                  };
                });
    only(
        all,
        "last token counted twice",
        k -> k.times = (request, slot, to) -> slot == to - 1 ? 2 : 1);
    only(
        all,
        "the page of slots 8 to 15 missing",
        k -> k.times = (request, slot, to) -> request == 2 && slot / 8 == 1 ? 0 : 1);
    only(
        all,
        "the run of slots 20 to 23 missing",
        k -> k.times = (request, slot, to) -> request == 2 && slot / 4 == 5 ? 0 : 1);
    kernel(
        all,
        "values of the slot before that of their keys",
        PLAIN,
        k -> k.valueSlot = slot -> Math.max(0, slot - 1));
    rule(all, "no softmax scale", PLAIN, r -> scaled(r, 1));
    rule(all, "softmax scale applied twice", PLAIN, r -> scaled(r, r.scale() * r.scale()));
    Kind capped = PLAIN.with(new Extras(true, false, false, false, false));
    rule(
        all,
        "soft cap left out",
        capped,
        r -> new ScoreRule(r.scale(), OptionalDouble.empty(), r.window(), r.sinks(), List.of()));
    Kind windowed = PLAIN.with(new Extras(false, true, false, false, false));
    window(all, "window one token short", windowed, 12);
    window(all, "window one token long", windowed, 14);
    window(all, "window left out", windowed, 1 << 20);
    Kind sunk = PLAIN.with(new Extras(false, false, true, false, false));
    kernel(all, "sink never counted", sunk, k -> k.sinkTimes = (rank, kvp) -> 0);
    kernel(all, "sink counted on every rank", sunk, k -> k.sinkTimes = (rank, kvp) -> 1);
    kernel(
        all,
        "slopes applied to positions within the rank",
        PLAIN.with(new Extras(false, false, false, true, false)),
        k -> k.localDistances = true);
    Kind fp8 = PLAIN.with(new Extras(false, false, false, false, true));
    kernel(all, "scale of K missing", fp8, k -> k.scales = CacheScales::withoutKeys);
    kernel(all, "scale of V missing", fp8, k -> k.scales = CacheScales::withoutValues);
    kernel(all, "scales of K and V swapped", fp8, k -> k.scales = CacheScales::swapped);
    kernel(
        all, "KV head h mod K in place of h / (Q/K)", PLAIN, k -> k.kvHead = (h, group) -> h % 2);
    kernel(all, "LSE times ln 2", PLAIN, k -> k.exported = s -> GpuKernel.times(s, Math.log(2)));
    kernel(
        all,
        "LSE divided by ln 2",
        PLAIN,
        k -> k.exported = s -> GpuKernel.times(s, 1 / Math.log(2)));
    kernel(
        all,
        "LSE [tokens, heads] as [heads, tokens]",
        PLAIN,
        k -> k.exported = s -> GpuKernel.transposed(s, 8));
    kernel(all, "output not divided by the sum of weights", PLAIN, k -> k.divides = false);
    kernel(all, "an empty shard reports a live LSE", PLAIN, k -> k.emptyLse = 0);
    merge(all, "base-e LSE merged as base 2", m -> m.nats = (base, lse) -> lse * Math.log(2));
    merge(all, "rank 1 left out", m -> m.without = 1);
    merge(all, "LSEs of ranks in reverse order", m -> m.lseOf = rank -> 3 - rank);
    merge(
        all,
        "heads of ranks in an order that begins with the second",
        m -> m.headsOf = rank -> (rank + 1) % 4);
    merge(all, "weighted sum not divided by the sum of weights", m -> m.divides = false);
    merge(
        all,
        "LSE [tokens, heads] read as [heads, tokens] before the exchange",
        m -> m.transposesLses = true);
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theFaultIsNamed(Fault fault) {
    for (int seed = 0; seed < SEEDS; seed++) {
      DrawnStep drawn = new DrawnStep(seed, fault.kind(), 70, 5, 133);
      StepVerdict verdict = judged(faulty(drawn, fault));
      StageVerdict stage = verdict.stage(fault.stage());
      assertTrue(stage.isWrong(), () -> fault.stage() + " is not convicted");
      Explanation explanation = stage.explanations().get(0);
      assertTrue(explanation.isWhole(), () -> fault + ": " + explanation);
      assertTrue(
          explanation.best().stream().anyMatch(fit -> fit.fault().equals(fault.name())),
          () -> fault + ": " + explanation);
      if (fault.only()) {
        assertEquals(new TreeSet<>(Set.of(FAULTY_RANK)), explanation.ranks());
      }
      for (StageVerdict other : verdict.stages()) {
        boolean before = other.stage().compareTo(fault.stage()) < 0;
        assertTrue(!before || !other.isWrong(), () -> other.stage() + " is convicted too");
      }
    }
  }

  /** No known fault moves a log-sum-exp so little, so that its bound alone decides. */
  @Test
  void anLseWhoseWeightIsATenthOfAPercentOffIsConvicted() {
    for (int seed = 0; seed < SEEDS; seed++) {
      DrawnStep drawn = new DrawnStep(seed, PLAIN, 70, 5, 133);
      GpuKernel kernel = new GpuKernel();
      kernel.exported = states -> GpuKernel.moved(states, 1e-3);
      assertTrue(judged(drawn.dumped(kernel, new GpuMerge())).stage(Stage.PARTIAL).isWrong());
    }
  }

  @Test
  void theTokensToWhichARankFitsAreCounted() {
    Fault fault = faults().findFirst().orElseThrow();
    DrawnStep drawn = new DrawnStep(3, PLAIN, 40);
    StageVerdict stage = judged(faulty(drawn, fault)).stage(Stage.PARTIAL);
    int kept = drawn.facts.owners().localLength(0, FAULTY_RANK);
    String fit = stage.fit().orElseThrow();
    assertTrue(
        fit.startsWith(
            "fits the first %d of its %d tokens, as all LSEs of the query token do ("
                .formatted(kept - 1, kept)),
        fit);
  }

  @Test
  void aBase2LseThatIsMergedAsBaseEIsNamedAsInTheMuseum() {
    Convention base2 =
        NamedConventions.VLLM_DCP.with(NamedConventions.VLLM_DCP.weights().in(LogBase.TWO));
    DrawnStep drawn = new DrawnStep(1, PLAIN, base2, 70, 5, 133);
    GpuMerge merge = new GpuMerge();
    merge.nats = (base, lse) -> lse;
    StepVerdict verdict = judged(drawn.dumped(new GpuKernel(), merge));
    StageVerdict stage = verdict.stage(Stage.MERGE);
    assertEquals("base-2 LSE merged as base e", stage.explanations().get(0).best().get(0).fault());
    assertTrue(verdict.stage(Stage.WHOLE).follows());
  }

  private static ShardedStep faulty(DrawnStep drawn, Fault fault) {
    GpuKernel right = new GpuKernel();
    GpuKernel kernel = new GpuKernel();
    fault.kernel().accept(kernel);
    GpuMerge merge = new GpuMerge();
    fault.merge().accept(merge);
    ShardedStep all = drawn.dumped(kernel, merge);
    if (!fault.only()) {
      return all;
    }
    ShardedStep sound = drawn.dumped(right, merge);
    return sound.changed(rank -> rank.rank() == FAULTY_RANK ? all.ranks().get(FAULTY_RANK) : rank);
  }

  private static StepVerdict judged(ShardedStep step) {
    return StepVerdict.of(step, EnumSet.allOf(Stage.class), Map.of(), read -> {});
  }

  private static void slots(List<Fault> all, String name, Kind kind, ToIntFunction<Integer> count) {
    all.add(
        new Fault(
            name,
            Stage.PARTIAL,
            true,
            kind,
            kernel ->
                kernel.slots =
                    (step, rank, token) -> {
                      int[] right = GpuKernel.right(step, rank, token);
                      return new int[] {0, Math.max(0, count.applyAsInt(right[1]))};
                    },
            merge -> {}));
  }

  private static void first(List<Fault> all, String name, int missing) {
    all.add(
        new Fault(
            name,
            Stage.PARTIAL,
            true,
            PLAIN,
            kernel ->
                kernel.slots =
                    (step, rank, token) ->
                        new int[] {missing, GpuKernel.right(step, rank, token)[1]},
            merge -> {}));
  }

  private static void kernel(List<Fault> all, String name, Kind kind, Consumer<GpuKernel> change) {
    all.add(new Fault(name, Stage.PARTIAL, false, kind, change, merge -> {}));
  }

  private static void only(List<Fault> all, String name, Consumer<GpuKernel> change) {
    all.add(new Fault(name, Stage.PARTIAL, true, PLAIN, change, merge -> {}));
  }

  private static void rule(
      List<Fault> all, String name, Kind kind, UnaryOperator<ScoreRule> change) {
    kernel(all, name, kind, kernel -> kernel.rule = change);
  }

  private static void window(List<Fault> all, String name, Kind kind, int window) {
    kernel(
        all,
        name,
        kind,
        kernel ->
            kernel.slots =
                (step, rank, token) ->
                    new int[] {
                      step.facts
                          .owners()
                          .localLength(
                              token.request(), rank, Math.max(0, token.visible() - window)),
                      GpuKernel.right(step, rank, token)[1]
                    });
  }

  private static void merge(List<Fault> all, String name, Consumer<GpuMerge> change) {
    all.add(new Fault(name, Stage.MERGE, false, PLAIN, kernel -> {}, change));
  }

  private static ScoreRule scaled(ScoreRule rule, double scale) {
    return new ScoreRule(scale, rule.softCap(), OptionalInt.empty(), rule.sinks(), List.of());
  }
}
