package dev.helix.attention.scalar;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every numeric reading's attention kernels keep exactly; {@link RefusalContract} is the rest.
 */
interface AttentionKernelsContract<T extends Tensor> {
  /** A new run of the reading. */
  Run<T> run(int rank);

  @Test
  default void positionZeroTurnsNothing() {
    Run<T> run = run(0);
    AttentionShape shape = new AttentionShape(8, 2, 1, 2);
    T qkv = run.tensor(Spec.of(DType.F32, Axis.BATCH, 1, Axis.QKV, 8), 1, 2, 3, 4, 5, 6, 7, 8);
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(1e4), 2);
    RotatedQkv<T> rotated =
        run.attention().rotaryQkv(qkv, shape, rotary, List.of(new QueryToken(0, 0)));
    assertArrayEquals(new double[] {1, 2, 3, 4}, run.host(rotated.queries()));
    assertArrayEquals(new double[] {5, 6}, run.host(rotated.keys()));
    assertArrayEquals(new double[] {7, 8}, run.host(rotated.values()));
    assertEquals("f32[batch=1, heads=2, headDim=2]", rotated.queries().spec().toString());
    assertEquals("f32[batch=1, kvHeads=1, headDim=2]", rotated.keys().spec().toString());
    assertEquals(rotated.keys().spec(), rotated.values().spec());
  }

  @Test
  default void aViewWithoutTokensGivesTheEmptyState() {
    Run<T> run = run(0);
    T queries = run.tensor(Run.queries(2, 2, 1), 1, 2, 3, 4);
    KvView<T> noPages = new KvView<>(List.of(), 0);
    KvView<T> unwritten = new KvView<>(List.of(run.page(3, 1, 1)), 0);
    PartialAttention<T> partial =
        run.attention()
            .flashDecode(queries, List.of(noPages, unwritten), ScoreRule.ofScale(1))
            .requirePart("test");
    double[] empty = new double[4];
    assertArrayEquals(empty, run.host(partial.output()));
    Arrays.fill(empty, NEGATIVE_INFINITY);
    assertArrayEquals(empty, run.host(partial.lse()));
  }

  @Test
  default void oneTokenGivesItsValueAndItsScore() {
    Run<T> run = run(0);
    T queries = run.tensor(Run.queries(1, 1, 2), 3, -2);
    List<KvPage<T>> pages = run.pages(4, 1, 2, new double[] {5, 1}, new double[] {0.1, -1e10});
    PartialAttention<T> partial =
        run.attention()
            .flashDecode(queries, List.of(new KvView<>(pages, 1)), ScoreRule.ofScale(0.5));
    assertArrayEquals(new double[] {0.1, -1e10}, run.host(partial.output()));
    assertArrayEquals(new double[] {0.5 * (15 - 2)}, run.host(partial.lse()));
  }

  @Test
  default void queryHeadsReadTheKvHeadOfTheirGroup() {
    Run<T> run = run(0);
    T queries = run.tensor(Run.queries(1, 6, 1), 1, 2, 3, 4, 5, 6);
    // Two tokens in two pages, of which the first alone is seen; KV heads are 10, 20 and 30.
    double[] heads = {10, 20, 30, 77, 77, 77};
    List<KvPage<T>> pages = run.pages(1, 3, 1, heads, heads);
    PartialAttention<T> partial =
        run.attention().flashDecode(queries, List.of(new KvView<>(pages, 1)), ScoreRule.ofScale(1));
    assertArrayEquals(new double[] {10, 10, 20, 20, 30, 30}, run.host(partial.output()));
    assertArrayEquals(new double[] {10, 20, 60, 80, 150, 180}, run.host(partial.lse()));
  }

  @Test
  default void eachRowSeesItsOwnRequest() {
    Run<T> run = run(0);
    T queries = run.tensor(Run.queries(3, 1, 1), 1, 1, 1);
    List<KvPage<T>> first = run.pages(2, 1, 1, new double[] {1}, new double[] {5});
    List<KvPage<T>> second = run.pages(2, 1, 1, new double[] {2}, new double[] {6});
    List<KvView<T>> views =
        List.of(new KvView<>(second, 1), new KvView<>(first, 0), new KvView<>(first, 1));
    PartialAttention<T> partial = run.attention().flashDecode(queries, views, ScoreRule.ofScale(1));
    assertArrayEquals(new double[] {6, 0, 5}, run.host(partial.output()));
    assertArrayEquals(new double[] {2, NEGATIVE_INFINITY, 1}, run.host(partial.lse()));
  }

  @Test
  default void whatStandsBehindTheViewIsNotRead() {
    Run<T> run = run(0);
    T queries = run.tensor(Run.queries(1, 2, 2), 1, 2, 3, 4);
    double[] keys = {0.5, 1, -1, 2, 1e300, 1e300};
    double[] values = {7, 8, 9, 10, -1e300, 1e300};
    List<KvPage<T>> followed = run.pages(3, 1, 2, keys, values);
    List<KvPage<T>> last = run.pages(3, 1, 2, Arrays.copyOf(keys, 4), Arrays.copyOf(values, 4));
    PartialAttention<T> a =
        run.attention()
            .flashDecode(queries, List.of(new KvView<>(followed, 2)), ScoreRule.ofScale(1));
    PartialAttention<T> b =
        run.attention().flashDecode(queries, List.of(new KvView<>(last, 2)), ScoreRule.ofScale(1));
    assertArrayEquals(run.host(b.output()), run.host(a.output()));
    assertArrayEquals(run.host(b.lse()), run.host(a.lse()));
  }

  @Test
  default void aSlotCanBeWrittenOverAndTheOthersStay() {
    Run<T> run = run(0);
    KvPage<T> page = run.pages(2, 2, 1, new double[] {1, 2, 3, 4}, new double[4]).get(0);
    Spec row = Run.kv(1, 2, 1);
    T eight = run.tensor(row, 8, 9);
    run.attention().appendKv(eight, eight, List.of());
    assertArrayEquals(new double[] {1, 3, 2, 4}, run.host(page.keys()));
    run.attention().appendKv(eight, eight, List.of(new CacheSlot<>(0, page, 1)));
    assertArrayEquals(new double[] {1, 8, 2, 9}, run.host(page.keys()));
    assertArrayEquals(new double[] {0, 8, 0, 9}, run.host(page.values()));
  }

  @Test
  default void oneLivingPartIsTheIdentity() {
    Run<T> run = run(0);
    T lse = run.tensor(Run.stack(1, 1, 2), 3.7, -1e5);
    T output = run.tensor(Run.stack(1, 1, 2, 2), 1, 2.5, -3.3, 4);
    T merged = run.attention().mergeByLse(new PartialAttention<>(output, lse));
    assertArrayEquals(new double[] {1, 2.5, -3.3, 4}, run.host(merged));
    assertEquals("bf16[batch=1, heads=2, headDim=2]", merged.spec().toString());
  }

  @Test
  default void emptyPartsHaveNoEffectWhateverTheyHold() {
    Run<T> run = run(0);
    double none = NEGATIVE_INFINITY;
    for (double payload : new double[] {0, NaN, 1e308, Double.POSITIVE_INFINITY, none}) {
      T lse = run.tensor(Run.stack(4, 1, 1), none, 0.3, none, 0.9);
      T output = run.tensor(Run.stack(4, 1, 1, 1), payload, 5, payload, 7);
      T living = run.tensor(Run.stack(2, 1, 1), 0.3, 0.9);
      T values = run.tensor(Run.stack(2, 1, 1, 1), 5, 7);
      assertArrayEquals(
          run.host(run.attention().mergeByLse(new PartialAttention<>(values, living))),
          run.host(run.attention().mergeByLse(new PartialAttention<>(output, lse))));
    }
  }

  @Test
  default void emptyPartsAloneMergeToZero() {
    Run<T> run = run(0);
    T lse = run.tensor(Run.stack(2, 1, 1), NEGATIVE_INFINITY, NEGATIVE_INFINITY);
    T output = run.tensor(Run.stack(2, 1, 1, 2), NaN, 0, Double.POSITIVE_INFINITY, 1e308);
    T merged = run.attention().mergeByLse(new PartialAttention<>(output, lse));
    assertArrayEquals(new double[2], run.host(merged));
  }

  @Test
  default void partsAreStackedOutermost() {
    Run<T> run = run(0);
    // Each head and row lives in one part alone, so that a swapped axis would show.
    double none = NEGATIVE_INFINITY;
    T lse = run.tensor(Run.stack(2, 2, 2), 1, none, 2, none, none, 3, none, 4);
    T output = run.tensor(Run.stack(2, 2, 2, 1), 10, NaN, 20, NaN, NaN, 30, NaN, 40);
    T merged = run.attention().mergeByLse(new PartialAttention<>(output, lse));
    assertArrayEquals(new double[] {10, 30, 20, 40}, run.host(merged));
  }
}
