package dev.helix.attention.trace;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.VisibleSlots;
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
 * The part of the cache that one launch of attention reads. Rows that see the same pages are
 * queries of one request: the tokens that any of them sees are read once for all.
 */
final class CacheReads {
  private final List<KvView<TraceTensor>> views;

  /** For each request that has tokens here, its pages and which of its tokens are read. */
  private final Map<TraceTensor, Request> requests = new LinkedHashMap<>();

  /** The slots {@code [from, to)} of the request, which are all that any of its rows sees. */
  private record Request(List<KvPage<TraceTensor>> pages, int from, int to) {
    static Request of(KvView<TraceTensor> view) {
      return new Request(view.pages(), view.first(), view.first() + view.length());
    }

    Request with(Request other) {
      return new Request(pages, Math.min(from, other.from), Math.max(to, other.to));
    }

    int tokens() {
      return to - from;
    }
  }

  private CacheReads(List<KvView<TraceTensor>> views) {
    this.views = views;
  }

  /**
   * Collects the reads of one launch.
   *
   * @param queries {@code [batch, heads, headDim]}, which the pages have to fit
   */
  static CacheReads of(
      TraceRank rank,
      String operation,
      Spec queries,
      ScoreRule rule,
      List<KvView<TraceTensor>> views,
      int valueDim) {
    if (!rule.sinks().isEmpty()) {
      // With sinks, the parts of a merge would differ between heads; no model that is read has
      // sinks.
      throw rank.error(operation, "attention sinks are not traced");
    }
    rank.requireEqual(operation, "views", queries.size(Axis.BATCH), views.size());
    VisibleSlots visible = new VisibleSlots(rank, operation, queries, valueDim);
    CacheReads reads = new CacheReads(views);
    for (KvView<TraceTensor> view : views) {
      if (view.length() > 0) {
        visible.in(view);
        reads.requests.merge(view.pages().get(0).keys(), Request.of(view), Request::with);
      }
    }
    return reads;
  }

  /**
   * The specs of the keys that are read: {@code [batch, kvHeads, slots, headDim]} for all requests
   * of the same length. Values have the same specs, where they are tensors of their own.
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
   * Ends the launch. It waits for whatever has written the pages in this step. It declares, in the
   * cache's number format and for each row and head with t &gt; 0 tokens, t(2d + 2v + 3) + 1 FLOPs,
   * t more with a soft cap, and 2t more with ALiBi.
   *
   * @param d components of a key
   * @param v components of a value
   */
  PartialAttention<TraceTensor> finish(
      PendingLaunch launch, Spec queries, ScoreRule rule, long d, int v) {
    int ofScore = 3 + (rule.softCap().isPresent() ? 1 : 0) + (rule.alibiSlopes().isEmpty() ? 0 : 2);
    long flops = 0;
    List<Integer> parts = new ArrayList<>(views.size());
    for (KvView<TraceTensor> view : views) {
      long t = view.length();
      flops = Math.addExact(flops, t == 0 ? 0 : t * (2 * d + 2L * v + ofScore) + 1);
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
