package dev.helix.tests.benchmarks;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.readings.BuiltInAttention;
import dev.helix.laws.readings.BuiltInMerges;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many cases of the laws are tried in a second ({@code cases}), over all built-in merges or
 * kernels. The cases are of the kinds that there were when rates were first measured, so that a
 * kind that is added makes no version slower than the one before it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 10)
@Measurement(iterations = 3, time = 10)
public class LawsBenchmark {
  private static final Set<String> KINDS =
      Set.of(
          """
          ONE_SHARD EVERY_SHARD_EMPTY EMPTY_SHARDS_WITH_NAN EMPTY_SHARDS_WITH_INFINITY
          EMPTY_SHARDS_WITH_1E38 AN_EMPTY_REQUEST_IN_THE_BATCH GAP_20 GAP_88 GAP_104 GAP_709 GAP_746
          ALL_MINUS_1E5 MIXED_1E4 MASS_48_TO_1 MASS_1E6_TO_1 CANCELLING_VALUES ONE_OF_133_LIVES
          ONE_OF_256_LIVES MANY_EQUAL_SHARDS EQUAL_AXES ODD_WIDTH_7 ZEROS_AND_SUBNORMALS
          UNEQUAL_SHARDS NEARLY_EQUAL WIDTHS_8_64_128 WIDTH_129 ROWS_17 ROWS_65 NO_TOKENS ONE_TOKEN
          FEWER_TOKENS_THAN_SHARDS ONE_LESS_THAN_WHOLE_ROUNDS WHOLE_ROUNDS
          ONE_MORE_THAN_WHOLE_ROUNDS LOW_PAGE_FIRST LOW_PAGE_LAST RAGGED_QUERIES
          QUERIES_ACROSS_OWNERS POISONED_PAGES HEADS_32_ON_2 HEADS_28_ON_7 ONE_KV_HEAD PAGE_EDGES
          SLOTS_15_16_17 SLOTS_63_64_65 SLOTS_127_128_129 LATENT_12_HEADS WIDTHS_576_512
          VALUES_WIDER_THAN_KEYS WINDOW_ACROSS_OWNERS WINDOW_OVER_MANY_SLOTS NOTHING_IN_THE_WINDOW
          SINK_WITHOUT_TOKENS SINK_FAR_FROM_SCORES CAP_REACHED ALIBI_ACROSS_OWNERS
          ALIBI_OVER_MANY_SLOTS UNEQUAL_SCALES
          """
              .strip()
              .split("\\s+"));

  @Param({"MERGE", "ATTENTION"})
  private Seam seam;

  /** Counts cases. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counters {
    public long cases;
  }

  @Benchmark
  public void everyLawOfEveryImplementation(Counters counters) {
    Map<String, ? extends UnderTest> all =
        seam == Seam.MERGE ? BuiltInMerges.all() : BuiltInAttention.all();
    for (UnderTest subject : all.values()) {
      for (Law law : Law.at(seam)) {
        counters.cases += tried(law, subject.laws());
      }
    }
  }

  private static <C> int tried(Law law, SeamTrials<C> laws) {
    List<C> cases = laws.cases(1, 1).stream().filter(LawsBenchmark::isOfTheSet).toList();
    LawOutcome outcome = LawSuite.run(law, laws, cases);
    if (!outcome.holds()) {
      throw new IllegalStateException(outcome.violation().orElseThrow());
    }
    return outcome.cases();
  }

  private static boolean isOfTheSet(Object given) {
    Collection<? extends Enum<?>> kinds =
        given instanceof MergeCase merge ? merge.hard() : ((AttentionCase) given).hard();
    return kinds.stream().allMatch(kind -> KINDS.contains(kind.name()));
  }
}
