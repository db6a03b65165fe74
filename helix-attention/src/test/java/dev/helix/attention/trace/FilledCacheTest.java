package dev.helix.attention.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FilledCacheTest {
  private static final int DIM = 6;
  private static final PageForm FORM = PageForm.keysAndValues(2, DIM, DType.FP4);

  private final RankScope scope = RankScope.alone(0);
  private final TraceRank rank = new TraceRank(scope);
  private final TraceAttentionKernels kernels = new TraceAttentionKernels(rank);

  FilledCacheTest() {
    scope.enter(Place.layer(0));
  }

  @Property(tries = 300, seed = "7310")
  void aFilledCacheShowsWhatOneThatWasFilledTokenByTokenShows(
      @ForAll @IntRange(min = 1, max = 5) int shards,
      @ForAll @IntRange(min = 1, max = 4) int runLength,
      @ForAll boolean contiguous,
      @ForAll @IntRange(max = 40) int cached,
      @ForAll @IntRange(min = 1, max = 5) int more) {
    int capacity = cached + more;
    KvPlacement placement =
        contiguous
            ? new ContiguousPlacement(shards, capacity)
            : new RoundRobinPlacement(shards, runLength);
    for (int index = 0; index < shards; index++) {
      KvShard<TraceTensor> filled = new KvShard<>(kernels, index, FORM);
      filled.openFilled(0, placement, capacity, cached);
      KvShard<TraceTensor> grown = new KvShard<>(kernels, index, FORM);
      grown.open(0, placement, capacity);
      for (int position = 0; position < capacity; position++) {
        List<QueryToken> step = List.of(new QueryToken(0, position));
        int owned = grown.take(step).size();
        if (position >= cached) {
          assertEquals(owned, filled.take(step).size());
          KvView<TraceTensor> a = grown.views(step).get(0);
          KvView<TraceTensor> b = filled.views(step).get(0);
          assertEquals(a.length(), b.length());
          assertEquals(a.occupiedShards(), b.occupiedShards());
          assertTrue(b.pages().size() <= 1, "one page for the whole share");
        }
      }
    }
  }

  @Example
  void rowsOfOneRequestReadItsCacheOnceAndWaitForWhatWasAppended() {
    KvShard<TraceTensor> cache = new KvShard<>(kernels, 0, FORM);
    KvPlacement whole = new RoundRobinPlacement(1, 16);
    cache.openFilled(0, whole, 1000, 700);
    cache.openFilled(1, whole, 1000, 700);
    List<QueryToken> step =
        List.of(new QueryToken(0, 700), new QueryToken(0, 701), new QueryToken(1, 700));
    TraceTensor keys = tensor(Axis.KV_HEADS, 2);
    kernels.appendKv(keys, keys, cache.take(step));
    kernels.flashDecode(tensor(Axis.HEADS, 4), cache.views(step), ScoreRule.ofScale(1));
    Launch decode = (Launch) rank.trace().operations().get(1);
    assertEquals(List.of(0), decode.after());
    // 702 tokens of request 0 and 701 of request 1, in keys and in values.
    long cached =
        decode.reads().stream().filter(s -> s.has(Axis.SLOTS)).mapToLong(Spec::elements).sum();
    assertEquals(2 * 2 * DIM * (702 + 701), cached);
    long tokens = 701 + 702 + 701;
    assertEquals(4 * (tokens * (4 * DIM + 3) + 3), decode.flops());
    assertEquals(DType.F32, decode.writes().get(1).dtype());
    // Rows come in the activations' precision and are kept in the cache's.
    Launch append = (Launch) rank.trace().operations().get(0);
    assertEquals(2 * 3 * 2 * DIM * 2 + 2 * 3 * 2 * DIM / 2, append.hbmBytes());
  }

  @Example
  void noMoreCanBeCachedThanTheCapacity() {
    KvShard<TraceTensor> cache = new KvShard<>(kernels, 0, FORM);
    assertThrows(
        IllegalArgumentException.class,
        () -> cache.openFilled(0, new RoundRobinPlacement(1, 16), 4, 5));
  }

  private TraceTensor tensor(Axis heads, int count) {
    return rank.constant(
        Spec.of(
            DType.BF16,
            new Dim(Axis.BATCH, 3),
            new Dim(heads, count),
            new Dim(Axis.HEAD_DIM, DIM)));
  }
}
