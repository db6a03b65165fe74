package dev.helix.attention.scalar;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every reading's attention kernels refuse. */
interface RefusalContract<T extends Tensor> {
  /** A new run of the reading. */
  Run<T> run(int rank);

  @Test
  default void tensorsOfAnotherRankAreRefused() {
    Run<T> run = run(0);
    Run<T> other = run(3);
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(1e4), 2);
    AttentionShape shape = new AttentionShape(6, 1, 1, 2);
    T qkv = other.tensor(Spec.of(DType.BF16, Axis.BATCH, 1, Axis.QKV, 6), new double[6]);
    T kv = run.tensor(Run.kv(1, 1, 2), 1, 2);
    T foreignKv = other.tensor(Run.kv(1, 1, 2), 1, 2);
    KvPage<T> page = run.page(1, 1, 2);
    KvPage<T> foreignPage = other.page(1, 1, 2);
    KvPage<T> mixedPage = new KvPage<>(page.keys(), foreignPage.values());
    T queries = run.tensor(Run.queries(1, 1, 2), 1, 2);
    T foreignQueries = other.tensor(Run.queries(1, 1, 2), 1, 2);
    T lse = run.tensor(Run.stack(1, 1, 1), 1);
    T output = run.tensor(Run.stack(1, 1, 1, 1), 1);
    T foreignLse = other.tensor(Run.stack(1, 1, 1), 1);
    T foreignOutput = other.tensor(Run.stack(1, 1, 1, 1), 1);

    Refusal.naming(
        () -> run.attention().rotaryQkv(qkv, shape, rotary, List.of(new QueryToken(0, 0))),
        "rotaryQkv",
        "rank 0",
        "rank 3");
    Refusal.naming(
        () -> run.attention().appendKv(kv, foreignKv, List.of()), "appendKv", "rank 0", "rank 3");
    for (KvPage<T> bad : List.of(foreignPage, mixedPage)) {
      Refusal.naming(
          () -> run.attention().appendKv(kv, kv, List.of(new CacheSlot<>(0, bad, 0))),
          "appendKv",
          "rank 0",
          "rank 3");
      Refusal.naming(
          () ->
              run.attention()
                  .flashDecode(
                      queries, List.of(new KvView<>(List.of(bad), 1)), ScoreRule.ofScale(1)),
          "flashDecode",
          "rank 0",
          "rank 3");
    }
    Refusal.naming(
        () ->
            run.attention()
                .flashDecode(
                    foreignQueries, List.of(new KvView<>(List.of(), 0)), ScoreRule.ofScale(1)),
        "flashDecode",
        "rank 0",
        "rank 3");
    Refusal.naming(
        () -> run.attention().mergeByLse(new PartialAttention<>(output, foreignLse)),
        "mergeByLse",
        "rank 0",
        "rank 3");
    Refusal.naming(
        () -> run.attention().mergeByLse(new PartialAttention<>(foreignOutput, lse)),
        "mergeByLse",
        "rank 0",
        "rank 3");
  }

  @Test
  default void projectionsThatDoNotFitAreRefused() {
    Run<T> run = run(0);
    AttentionShape shape = new AttentionShape(6, 1, 1, 2);
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(1e4), 2);
    RotaryEmbedding four = new RotaryEmbedding(RopeParameters.of(1e4), 4);
    List<QueryToken> step = List.of(new QueryToken(0, 0));
    T qkv = run.tensor(Spec.of(DType.BF16, Axis.BATCH, 1, Axis.QKV, 6), new double[6]);
    T hidden = run.tensor(Spec.of(DType.BF16, Axis.BATCH, 1, Axis.HIDDEN, 6), new double[6]);
    T wide = run.tensor(Spec.of(DType.BF16, Axis.BATCH, 1, Axis.QKV, 8), new double[8]);

    Refusal.naming(
        () -> run.attention().rotaryQkv(hidden, shape, rotary, step),
        "rotaryQkv",
        "[batch, qkv]",
        "batch=1, hidden=6");
    Refusal.naming(
        () -> run.attention().rotaryQkv(wide, shape, rotary, step),
        "rotaryQkv",
        "qkv",
        "expected 6",
        "got 8");
    Refusal.naming(
        () -> run.attention().rotaryQkv(qkv, shape, rotary, List.of()),
        "rotaryQkv",
        "rows",
        "expected 1",
        "got 0");
    Refusal.naming(
        () -> run.attention().rotaryQkv(qkv, shape, four, step),
        "rotaryQkv",
        "pairs",
        "expected 1",
        "got 2");
  }

  @Test
  default void keysAndValuesThatDoNotFitThePageAreRefused() {
    Run<T> run = run(0);
    KvPage<T> page = run.page(3, 2, 2);
    T kv = run.tensor(Run.kv(1, 2, 2), 1, 2, 3, 4);
    T oneHead = run.tensor(Run.kv(1, 1, 2), 1, 2);
    T narrow = run.tensor(Run.kv(1, 2, 1), 1, 2);
    T queries = run.tensor(Run.queries(1, 2, 2), 1, 2, 3, 4);

    Refusal.naming(
        () -> run.attention().appendKv(queries, kv, List.of()),
        "appendKv",
        "[batch, kvHeads, headDim]",
        "batch=1, heads=2, headDim=2");
    Refusal.naming(
        () -> run.attention().appendKv(kv, queries, List.of()),
        "appendKv",
        "[batch, kvHeads, headDim]",
        "batch=1, heads=2, headDim=2");
    Refusal.naming(() -> append(run, oneHead, 0, page, 0), "appendKv", "expected 1", "got 2");
    Refusal.naming(() -> append(run, narrow, 0, page, 0), "appendKv", "expected 1", "got 2");
    Refusal.naming(() -> append(run, kv, 1, page, 0), "appendKv", "1");
    Refusal.naming(() -> append(run, kv, -1, page, 0), "appendKv", "-1");
    Refusal.naming(() -> append(run, kv, 0, page, 3), "appendKv", "3");
    Refusal.naming(() -> append(run, kv, 0, page, -1), "appendKv", "-1");
    Refusal.naming(
        () -> run.attention().allocatePage(queries.spec()),
        "allocatePage",
        "[kvHeads, slots, headDim]",
        "batch=1, heads=2, headDim=2");
  }

  @Test
  default void viewsThatDoNotFitTheQueriesAreRefused() {
    Run<T> run = run(0);
    T queries = run.tensor(Run.queries(1, 3, 2), new double[6]);
    List<KvPage<T>> two = run.pages(1, 1, 2, new double[4], new double[4]);
    List<KvPage<T>> twoHeads = run.pages(1, 2, 2, new double[4], new double[4]);
    List<KvPage<T>> narrow = run.pages(1, 1, 1, new double[1], new double[1]);

    Refusal.naming(
        () -> run.attention().flashDecode(two.get(0).keys(), List.of(), ScoreRule.ofScale(1)),
        "flashDecode",
        "[batch, heads, headDim]",
        "kvHeads=1, slots=1, headDim=2");
    Refusal.naming(
        () -> run.attention().flashDecode(queries, List.of(), ScoreRule.ofScale(1)),
        "flashDecode",
        "views",
        "expected 1",
        "got 0");
    Refusal.naming(
        () ->
            run.attention()
                .flashDecode(queries, List.of(new KvView<>(two, 3)), ScoreRule.ofScale(1)),
        "flashDecode",
        "3",
        "2");
    Refusal.naming(
        () ->
            run.attention()
                .flashDecode(queries, List.of(new KvView<>(twoHeads, 1)), ScoreRule.ofScale(1)),
        "flashDecode",
        "heads=3",
        "kvHeads=2");
    Refusal.naming(
        () ->
            run.attention()
                .flashDecode(queries, List.of(new KvView<>(narrow, 1)), ScoreRule.ofScale(1)),
        "flashDecode",
        "headDim=2",
        "headDim=1");
  }

  @Test
  default void partsThatDoNotFitAreRefused() {
    Run<T> run = run(0);
    T output = run.tensor(Run.stack(2, 1, 1, 1), 1, 2);
    T onePart = run.tensor(Run.queries(1, 2, 1), 1, 2);
    T threeLses = run.tensor(Run.stack(3, 1, 1), 1, 2, 3);
    T lse = run.tensor(Run.stack(2, 1, 1), 1, 2);
    Refusal.naming(
        () -> run.attention().mergeByLse(new PartialAttention<>(onePart, lse)),
        "mergeByLse",
        "[shards, batch, heads, headDim]",
        "batch=1, heads=2, headDim=1");
    Refusal.naming(
        () -> run.attention().mergeByLse(new PartialAttention<>(output, threeLses)),
        "mergeByLse",
        "shards",
        "shards=2",
        "shards=3");
  }

  private static <T extends Tensor> void append(
      Run<T> run, T kv, int row, KvPage<T> page, int slot) {
    run.attention().appendKv(kv, kv, List.of(new CacheSlot<>(row, page, slot)));
  }
}
