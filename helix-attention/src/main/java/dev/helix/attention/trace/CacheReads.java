package dev.helix.attention.trace;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.cache.KvPage;
import dev.helix.attention.cache.KvView;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.PendingLaunch;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one launch of attention reads of the cache. Rows that see the same pages are queries of one
 * request: the tokens that the longest of them sees are read once for all.
 */
final class CacheReads {
  private final List<KvView<TraceTensor>> views;

  /** Of each request that has tokens here its pages, and the tokens that are read. */
  private final Map<TraceTensor, Request> requests = new LinkedHashMap<>();

  private record Request(List<KvPage<TraceTensor>> pages, int tokens) {}

  private CacheReads(List<KvView<TraceTensor>> views) {
    this.views = views;
  }

  /**
   * @param queries {@code [batch, heads, headDim]}, which the pages have to fit
   */
  static CacheReads of(
      TraceRank rank, String operation, Spec queries, List<KvView<TraceTensor>> views) {
    rank.requireEqual(operation, "views", queries.size(Axis.BATCH), views.size());
    CacheReads reads = new CacheReads(views);
    for (KvView<TraceTensor> view : views) {
      if (view.length() > 0) {
        reads.requests.merge(
            reads.firstPage(rank, operation, queries, view),
            new Request(view.pages(), view.length()),
            (a, b) -> a.tokens() >= b.tokens() ? a : b);
      }
    }
    return reads;
  }

  private TraceTensor firstPage(
      TraceRank rank, String operation, Spec queries, KvView<TraceTensor> view) {
    long slots = 0;
    for (KvPage<TraceTensor> page : view.pages()) {
      Spec spec = page.keys().spec();
      spec.require(operation + " page", Axis.KV_HEADS, Axis.SLOTS, Axis.HEAD_DIM);
      int kvHeads = spec.size(Axis.KV_HEADS);
      if (kvHeads == 0
          || queries.size(Axis.HEADS) % kvHeads != 0
          || spec.size(Axis.HEAD_DIM) != queries.size(Axis.HEAD_DIM)) {
        throw rank.error(
            operation, "expected a page that fits queries %s, got %s".formatted(queries, spec));
      }
      slots += spec.size(Axis.SLOTS);
    }
    if (slots < view.length()) {
      throw rank.error(
          operation,
          "expected %d tokens of the view in its pages, got %d".formatted(view.length(), slots));
    }
    return view.pages().get(0).keys();
  }

  /**
   * The keys that are read: {@code [batch, kvHeads, slots, headDim]} for all requests of the same
   * length. The values are as many, where they are others.
   */
  List<Spec> parts() {
    Map<Integer, Integer> byLength = new TreeMap<>();
    requests.values().forEach(request -> byLength.merge(request.tokens(), 1, Integer::sum));
    List<Spec> parts = new ArrayList<>(byLength.size());
    if (!byLength.isEmpty()) {
      Spec page = requests.keySet().iterator().next().spec();
      byLength.forEach(
          (length, count) ->
              parts.add(page.resized(Axis.SLOTS, length).stacked(Axis.BATCH, count)));
    }
    return parts;
  }

  /**
   * Ends the launch: in the cache's precision, for each row and head with t > 0 tokens t(2d + 2v +
   * 3) + 1 FLOPs; after whatever has written the pages in this step.
   *
   * @param d components of a key
   * @param v components of a value
   */
  PartialAttention<TraceTensor> finish(PendingLaunch launch, Spec queries, long d, int v) {
    long flops = 0;
    List<Integer> parts = new ArrayList<>(views.size());
    for (KvView<TraceTensor> view : views) {
      long t = view.length();
      flops = Math.addExact(flops, t == 0 ? 0 : t * (2 * d + 2L * v + 3) + 1);
      parts.add(view.occupiedShards());
    }
    for (Request request : requests.values()) {
      for (KvPage<TraceTensor> page : request.pages()) {
        launch.waitingFor(page.keys());
        if (page.values() != page.keys()) {
          launch.waitingFor(page.values());
        }
      }
    }
    requests.keySet().stream().findFirst().ifPresent(page -> launch.in(page.spec().dtype()));
    Dim rows = queries.dims().get(0);
    Dim heads = queries.dims().get(1);
    List<TraceTensor> results =
        launch
            .flops(Math.multiplyExact(flops, (long) heads.size()))
            .writingAll(
                List.of(
                    Spec.of(queries.dtype(), rows, heads, new Dim(Axis.HEAD_DIM, v)),
                    Spec.of(DType.F32, rows, heads)));
    return new PartialAttention<>(results.get(0), results.get(1).withParts(parts));
  }
}
