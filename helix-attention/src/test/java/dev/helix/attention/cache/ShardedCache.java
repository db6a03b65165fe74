package dev.helix.attention.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.cache.TokenTensor.Entry;
import dev.helix.attention.cache.TokenTensor.Role;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import java.util.ArrayList;
import java.util.List;

/** All shards of one cache, each with kernels of its own, driven as the ranks of a group are. */
final class ShardedCache {
  static final int KV_HEADS = 3;
  static final int HEAD_DIM = 10;

  private final List<RecordingKernels> kernels = new ArrayList<>();
  private final List<KvShard<TokenTensor>> shards = new ArrayList<>();

  ShardedCache(int kvp) {
    for (int index = 0; index < kvp; index++) {
      RecordingKernels own = new RecordingKernels();
      kernels.add(own);
      shards.add(new KvShard<>(own, index, PageForm.keysAndValues(KV_HEADS, HEAD_DIM, DType.BF16)));
    }
  }

  KvShard<TokenTensor> shard(int index) {
    return shards.get(index);
  }

  RecordingKernels kernels(int index) {
    return kernels.get(index);
  }

  void open(int request, KvPlacement placement, int capacity) {
    shards.forEach(shard -> shard.open(request, placement, capacity));
  }

  void truncate(int request, int tokens) {
    shards.forEach(shard -> shard.truncate(request, tokens));
    kernels.forEach(own -> own.takeBack(request, tokens));
  }

  void close(int request) {
    shards.forEach(shard -> shard.close(request));
  }

  void append(List<QueryToken> step) {
    for (int index = 0; index < shards.size(); index++) {
      append(index, step);
    }
  }

  /** Appends a window of one request, {@code first} inclusive to {@code end} exclusive. */
  void append(int request, int first, int end) {
    append(window(request, first, end));
  }

  void append(int index, List<QueryToken> step) {
    Spec spec =
        Spec.of(
            DType.F64,
            new Dim(Axis.BATCH, step.size()),
            new Dim(Axis.KV_HEADS, KV_HEADS),
            new Dim(Axis.HEAD_DIM, HEAD_DIM));
    kernels
        .get(index)
        .appendKv(
            TokenTensor.ofStep(spec, Role.KEY, step),
            TokenTensor.ofStep(spec, Role.VALUE, step),
            shards.get(index).take(step));
  }

  static List<QueryToken> window(int request, int first, int end) {
    List<QueryToken> window = new ArrayList<>();
    for (int position = first; position < end; position++) {
      window.add(new QueryToken(request, position));
    }
    return window;
  }

  /**
   * The positions that {@code token} sees on a shard, in order of slots. Fails if it would read a
   * slot that was never written, another request's token, or a value that is not of its key.
   */
  List<Integer> seen(int index, QueryToken token) {
    KvView<TokenTensor> view = shards.get(index).views(List.of(token)).get(0);
    List<Integer> positions = new ArrayList<>();
    int left = view.length();
    for (KvPage<TokenTensor> page : view.pages()) {
      int slots = page.keys().spec().size(Axis.SLOTS);
      assertEquals(page.keys().spec(), page.values().spec());
      for (int slot = 0; slot < Math.min(left, slots); slot++) {
        Entry key = page.keys().at(slot).orElseThrow();
        Entry value = page.values().at(slot).orElseThrow();
        assertEquals(new Entry(Role.KEY, key.token()), key);
        assertEquals(new Entry(Role.VALUE, key.token()), value);
        assertEquals(token.request(), key.token().request());
        positions.add(key.token().position());
      }
      left -= Math.min(left, slots);
    }
    assertTrue(left == 0, "the view is longer than its pages");
    return positions;
  }
}
