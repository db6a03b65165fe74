package dev.helix.attention.cache;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvCache;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.SlotPositions;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One rank's part of the KV cache of one layer. For each request it keeps the tokens that the
 * request's placement gives to this rank's KVP index (Helix Parallelism §2.1), in pages that are
 * allocated as the request grows. A step appends to what is there and never copies it. Drafts are
 * written like other tokens; those that are rejected are taken back by {@link #truncate}.
 */
public final class KvShard<T extends Tensor> implements KvCache {
  /**
   * Number of slots of a page, unless a request's share is smaller. It is large enough for GEMMs to
   * be efficient.
   */
  static final int MAX_PAGE_SLOTS = 1024;

  private final AttentionKernels<T> kernels;
  private final int kvpIndex;
  private final PageForm form;
  private final Optional<KvStore> store;
  private final Map<Integer, RequestShard<T>> requests = new HashMap<>();

  /**
   * Creates an empty shard.
   *
   * @param kernels the kernels of the rank that owns this shard, which allocate its pages
   * @param kvpIndex which shard this is of each request's placement
   * @param form what is kept of each token
   */
  public KvShard(AttentionKernels<T> kernels, int kvpIndex, PageForm form) {
    this(kernels, kvpIndex, form, Optional.empty());
  }

  /**
   * Creates an empty shard whose tokens are stored in another way than as the numbers that come,
   * for example rounded to a narrower format.
   *
   * @param store how the tokens that this shard owns are stored
   */
  public KvShard(
      AttentionKernels<T> kernels, int kvpIndex, PageForm form, Optional<KvStore> store) {
    this.kernels = kernels;
    this.kvpIndex = kvpIndex;
    this.form = form;
    this.store = store;
  }

  @Override
  public void open(int request, KvPlacement placement, int capacity) {
    add(request, new RequestShard<>(placement, pageSlots(placement, kvpIndex, capacity)));
  }

  private static int pageSlots(KvPlacement placement, int kvpIndex, int capacity) {
    return Math.max(1, Math.min(MAX_PAGE_SLOTS, placement.localLength(kvpIndex, capacity)));
  }

  /**
   * Number of slots of the pages that a shard has allocated for a request, written or not.
   *
   * @param capacity the greatest number of tokens of the request over all shards
   * @param kept the number of tokens that the shard keeps of it
   */
  public static int allocatedSlots(KvPlacement placement, int kvpIndex, int capacity, int kept) {
    int slots = pageSlots(placement, kvpIndex, capacity);
    return (kept + slots - 1) / slots * slots;
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
  public void truncate(int request, int tokens) {
    RequestShard<T> shard = shardOf(request);
    if (tokens < 0 || tokens > shard.tokens) {
      throw new IllegalArgumentException(
          "request %d: expected 0 to %d tokens to stay, which is what the cache holds, got %d"
              .formatted(request, shard.tokens, tokens));
    }
    shard.tokens = tokens;
    // Pages without tokens are dropped. Slots of the last page are written again before they are
    // read.
    int local = shard.placement.localLength(kvpIndex, tokens);
    int used = (local + shard.pageSlots - 1) / shard.pageSlots;
    shard.pages.subList(Math.min(used, shard.pages.size()), shard.pages.size()).clear();
  }

  @Override
  public void close(int request) {
    shardOf(request);
    requests.remove(request);
  }

  /**
   * Takes in the tokens of a step: makes room for those that this shard owns, and says in which
   * slots they belong. The caller writes their keys and values there before any view of them is
   * read. All ranks launch that write, whether or not they own a token.
   *
   * @param step the rows of the batch; a request's positions follow each other without gaps
   * @return a slot for each row whose token this shard owns, in the order of the rows
   * @throws IllegalArgumentException if a request is not open or a position does not come next
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
        slots.add(slotFor(shard, row, token));
      }
    }
    return slots;
  }

  /**
   * Gives for each row of a step the view of what its token may see on this shard, without a
   * window.
   */
  public List<KvView<T>> views(List<QueryToken> step) {
    return views(step, OptionalInt.empty());
  }

  /**
   * Gives for each row of a step the view of what its token may see on this shard. A token sees the
   * tokens of its request up to itself, and no further back than the window. Slots are in order of
   * position, so that each of the two bounds becomes a number of local slots.
   *
   * @param window how many tokens a query sees on all shards together, itself included
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

  private CacheSlot<T> slotFor(RequestShard<T> shard, int row, QueryToken token) {
    int localSlot = shard.placement.slot(token.position());
    int page = localSlot / shard.pageSlots;
    if (page == shard.pages.size()) {
      allocatePage(shard);
    }
    return new CacheSlot<>(
        row, shard.pages.get(page), localSlot % shard.pageSlots, store.map(kept -> kept.of(token)));
  }

  private void allocatePage(RequestShard<T> shard) {
    shard.pages.add(form.allocate(kernels, shard.pageSlots));
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

    /** Number of tokens of the request on all shards together. */
    int tokens;

    RequestShard(KvPlacement placement, int pageSlots) {
      this.placement = placement;
      this.pageSlots = pageSlots;
    }
  }
}
