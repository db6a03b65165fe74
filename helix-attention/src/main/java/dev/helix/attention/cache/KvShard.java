package dev.helix.attention.cache;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvCache;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.SlotPositions;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One rank's part of the KV cache of one layer: for each request the tokens that its placement
 * gives to this rank's KVP index (Helix Parallelism §2.1), in pages that are allocated as the
 * request grows. A step writes behind what is there and never copies it.
 */
public final class KvShard<T extends Tensor> implements KvCache {
  /**
   * Slots of a page, unless a request's share is smaller. Large enough for GEMMs to be efficient.
   */
  static final int MAX_PAGE_SLOTS = 1024;

  private final AttentionKernels<T> kernels;
  private final int kvpIndex;
  private final Dim kvHeads;
  private final Dim headDim;
  private final DType dtype;
  private final boolean oneEntry;
  private final Map<Integer, RequestShard<T>> requests = new HashMap<>();

  /**
   * @param kernels of the rank that owns this shard
   * @param kvpIndex which shard this is of each request's placement
   * @param kvHeads number of KV heads cached here, K/TPA
   * @param dtype precision that the deployed cache is kept in
   */
  public KvShard(AttentionKernels<T> kernels, int kvpIndex, int kvHeads, int headDim, DType dtype) {
    this(kernels, kvpIndex, kvHeads, headDim, dtype, false);
  }

  private KvShard(
      AttentionKernels<T> kernels,
      int kvpIndex,
      int kvHeads,
      int headDim,
      DType dtype,
      boolean oneEntry) {
    this.oneEntry = oneEntry;
    this.kernels = kernels;
    this.kvpIndex = kvpIndex;
    this.kvHeads = new Dim(Axis.KV_HEADS, kvHeads);
    this.headDim = new Dim(Axis.HEAD_DIM, headDim);
    this.dtype = dtype;
  }

  /**
   * A shard for latent attention, which keeps one entry of a token that is key and value.
   *
   * @param kernels of the rank that owns this shard
   * @param kvpIndex which shard this is of each request's placement
   * @param entryDim latent + rope
   * @param dtype precision that the deployed cache is kept in
   */
  public static <T extends Tensor> KvShard<T> ofEntries(
      AttentionKernels<T> kernels, int kvpIndex, int entryDim, DType dtype) {
    return new KvShard<>(kernels, kvpIndex, 1, entryDim, dtype, true);
  }

  @Override
  public void open(int request, KvPlacement placement, int capacity) {
    int share = placement.localLength(kvpIndex, capacity);
    add(request, new RequestShard<>(placement, Math.max(1, Math.min(MAX_PAGE_SLOTS, share))));
  }

  @Override
  public void openFilled(int request, KvPlacement placement, int capacity, int cached) {
    if (cached < 0 || cached > capacity) {
      throw new IllegalArgumentException(
          "request %d: %d tokens cached, expected 0 to its capacity of %d"
              .formatted(request, cached, capacity));
    }
    RequestShard<T> shard =
        new RequestShard<>(placement, Math.max(1, placement.localLength(kvpIndex, capacity)));
    shard.tokens = cached;
    if (placement.localLength(kvpIndex, cached) > 0) {
      allocatePage(shard);
    }
    add(request, shard);
  }

  private void add(int request, RequestShard<T> shard) {
    if (requests.putIfAbsent(request, shard) != null) {
      throw new IllegalArgumentException("request " + request + " is open already");
    }
  }

  @Override
  public void close(int request) {
    shardOf(request);
    requests.remove(request);
  }

  /**
   * Keeps the keys and values of those tokens of a step that this shard owns. All ranks launch it,
   * whether or not they own a token.
   *
   * @param step the rows of the batch; a request's positions follow each other without gaps
   * @param keys {@code [batch, kvHeads, headDim]}
   * @param values {@code [batch, kvHeads, headDim]}
   */
  public void append(List<QueryToken> step, T keys, T values) {
    if (oneEntry) {
      throw new IllegalStateException("a cache of entries was given keys and values");
    }
    kernels.appendKv(keys, values, take(step));
  }

  /**
   * Makes room for those tokens of a step that this shard owns, and says where: the caller writes
   * them before the next view is read.
   *
   * @param step the rows of the batch; a request's positions follow each other without gaps
   */
  public List<CacheSlot<T>> take(List<QueryToken> step) {
    List<CacheSlot<T>> slots = new ArrayList<>();
    for (int row = 0; row < step.size(); row++) {
      QueryToken token = step.get(row);
      RequestShard<T> shard = shardOf(token.request());
      if (token.position() != shard.tokens) {
        throw new IllegalArgumentException(
            "request %d: position %d was given to the cache, expected %d"
                .formatted(token.request(), token.position(), shard.tokens));
      }
      shard.tokens++;
      if (shard.placement.owner(token.position()) == kvpIndex) {
        slots.add(slotFor(shard, row, shard.placement.slot(token.position())));
      }
    }
    return slots;
  }

  /** {@link #views(List, OptionalInt)} without a window. */
  public List<KvView<T>> views(List<QueryToken> step) {
    return views(step, OptionalInt.empty());
  }

  /**
   * For each row of a step, what that token may see on this shard: causally, up to itself, and no
   * further back than the window. Slots are in order of position, so that both bounds are local
   * lengths of global ones.
   *
   * @param window tokens that a query sees on all shards together, itself included
   * @throws IllegalArgumentException if a token has not been appended
   */
  public List<KvView<T>> views(List<QueryToken> step, OptionalInt window) {
    List<KvView<T>> views = new ArrayList<>(step.size());
    for (QueryToken token : step) {
      RequestShard<T> shard = shardOf(token.request());
      if (token.position() >= shard.tokens) {
        throw new IllegalArgumentException(
            "request %d: position %d is not in the cache, which holds %d tokens of the request"
                .formatted(token.request(), token.position(), shard.tokens));
      }
      int seen = token.position() + 1;
      int outside = Math.max(0, seen - window.orElse(seen));
      int first = shard.placement.localLength(kvpIndex, outside);
      int visible = shard.placement.localLength(kvpIndex, seen) - first;
      SlotPositions positions = new SlotPositions(shard.placement, kvpIndex, token.position());
      int occupied = shard.placement.occupiedShards(outside, seen);
      views.add(new KvView<>(shard.pages, visible, first, Optional.of(positions), occupied));
    }
    return views;
  }

  private CacheSlot<T> slotFor(RequestShard<T> shard, int row, int localSlot) {
    int page = localSlot / shard.pageSlots;
    if (page == shard.pages.size()) {
      allocatePage(shard);
    }
    return new CacheSlot<>(row, shard.pages.get(page), localSlot % shard.pageSlots);
  }

  private void allocatePage(RequestShard<T> shard) {
    Spec spec = Spec.of(dtype, kvHeads, new Dim(Axis.SLOTS, shard.pageSlots), headDim);
    T keys = kernels.allocatePage(spec);
    shard.pages.add(new KvPage<>(keys, oneEntry ? keys : kernels.allocatePage(spec)));
  }

  private RequestShard<T> shardOf(int request) {
    RequestShard<T> shard = requests.get(request);
    if (shard == null) {
      throw new IllegalArgumentException("request " + request + " is not open in this cache");
    }
    return shard;
  }

  private static final class RequestShard<T extends Tensor> {
    final KvPlacement placement;
    final int pageSlots;
    final List<KvPage<T>> pages = new ArrayList<>();

    /** Tokens of the request on all shards together. */
    int tokens;

    RequestShard(KvPlacement placement, int pageSlots) {
      this.placement = placement;
      this.pageSlots = pageSlots;
    }
  }
}
