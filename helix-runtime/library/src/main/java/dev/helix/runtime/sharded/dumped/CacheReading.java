package dev.helix.runtime.sharded.dumped;

import static dev.helix.runtime.dump.DumpAxis.HEAD_DIM;
import static dev.helix.runtime.dump.DumpAxis.KV_HEADS;
import static dev.helix.runtime.dump.DumpAxis.PAGES;
import static dev.helix.runtime.dump.DumpAxis.REQUESTS;
import static dev.helix.runtime.dump.DumpAxis.SLOTS;
import static dev.helix.runtime.dump.DumpAxis.TOKENS;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.sharded.CacheVectors;
import dev.helix.runtime.sharded.RankCache;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the cache of a rank out of its dumped tensors, whose vectors stay in their files. */
final class CacheReading {
  private final RankReading rank;

  CacheReading(RankReading rank) {
    this.rank = rank;
  }

  /** The cache; empty if keys or values are not there, or nothing says which request has which. */
  Optional<RankCache> cache() {
    Optional<Form> found = keysAndValues().or(this::latent).or(() -> entries(Map.of()));
    return found.flatMap(this::cache).map(cache -> cache.misreadAs(misreadings()));
  }

  private Optional<RankCache> cache(Form form) {
    DumpTensor shape = form.shape;
    if (shape.has(TOKENS)) {
      int requests = Math.toIntExact(shape.size(REQUESTS));
      int capacity = Math.toIntExact(shape.size(TOKENS));
      return Optional.of(RankCache.dense(requests, capacity, form.keys, form.values));
    }
    int slots = Math.toIntExact(shape.size(SLOTS));
    return table(shape).map(table -> new RankCache(table, slots, form.keys, form.values));
  }

  /** What the cache would be if the bytes of entries were read in another way. */
  private Map<String, RankCache> misreadings() {
    Map<String, RankCache> all = new HashMap<>();
    EntryMisreading.ALL.forEach(
        (name, ways) ->
            entries(ways).flatMap(this::cache).ifPresent(cache -> all.put(name, cache)));
    return all;
  }

  /** Number of KV heads; 1 in latent attention. */
  int kvHeads() {
    return rank.find(Role.KEY_CACHE)
        .or(() -> rank.find(Role.KEY_ENTRIES))
        .filter(keys -> keys.has(KV_HEADS))
        .map(keys -> Math.toIntExact(keys.size(KV_HEADS)))
        .orElse(1);
  }

  private Optional<Form> keysAndValues() {
    Optional<DumpTensor> keys = rank.find(Role.KEY_CACHE);
    Optional<DumpTensor> values = rank.find(Role.VALUE_CACHE);
    if (keys.isEmpty() || values.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Form(ordered(keys.get()), vectors(keys.get()), vectors(values.get())));
  }

  private Optional<Form> latent() {
    Optional<DumpTensor> whole = rank.find(Role.LATENT_ROPE_CACHE);
    if (whole.isPresent()) {
      // A value is the latent, which a key begins with.
      return Optional.of(
          new Form(ordered(whole.get()), vectors(whole.get()), vectors(whole.get())));
    }
    Optional<DumpTensor> latent = rank.find(Role.LATENT_CACHE);
    Optional<DumpTensor> rope = rank.find(Role.ROPE_CACHE);
    if (latent.isEmpty() || rope.isEmpty()) {
      return Optional.empty();
    }
    CacheVectors front = vectors(latent.get());
    CacheVectors back = vectors(rope.get());
    int size = Math.toIntExact(latent.get().size(HEAD_DIM));
    CacheVectors keys =
        (row, kvHead, into) -> {
          double[] first = new double[size];
          front.read(row, kvHead, first);
          double[] second = new double[into.length - size];
          back.read(row, kvHead, second);
          System.arraycopy(first, 0, into, 0, size);
          System.arraycopy(second, 0, into, size, second.length);
        };
    return Optional.of(new Form(ordered(latent.get()), keys, front));
  }

  /**
   * Keys and values that are kept as entries, or in latent attention both in one.
   *
   * @param ways how the bytes of each are changed before they are decoded
   */
  private Optional<Form> entries(Map<Role, EntryMisreading> ways) {
    Optional<DumpTensor> keys = rank.find(Role.KEY_ENTRIES);
    Optional<DumpTensor> values = rank.find(Role.VALUE_ENTRIES);
    if (keys.isEmpty() || values.isEmpty()) {
      return latentEntries(ways);
    }
    return Optional.of(
        new Form(ordered(keys.get()), decoded(keys.get(), ways), decoded(values.get(), ways)));
  }

  private Optional<Form> latentEntries(Map<Role, EntryMisreading> ways) {
    return rank.find(Role.LATENT_ENTRIES)
        .map(entries -> new Form(ordered(entries), decoded(entries, ways), decoded(entries, ways)));
  }

  /** The vectors that entries stand for, of which the first components are read. */
  private CacheVectors decoded(DumpTensor entries, Map<Role, EntryMisreading> ways) {
    DumpTensor ordered = ordered(entries);
    FileTensor bytes = ordered.data();
    long kvHeads = entries.has(KV_HEADS) ? entries.size(KV_HEADS) : 1;
    EntryCodec codec =
        EntryCodec.of(rank.stated("kv_format"), ordered.size(DumpAxis.ENTRY_BYTES), bytes);
    EntryMisreading misread = ways.getOrDefault(entries.role(), EntryMisreading.NONE);
    return (row, kvHead, into) -> {
      byte[] entry = bytes.bytes((row * kvHeads + kvHead) * codec.bytes(), codec.bytes());
      codec.decode(misread.of(codec, entry), into);
    };
  }

  private static CacheVectors vectors(DumpTensor tensor) {
    DumpTensor ordered = ordered(tensor);
    FileTensor data = ordered.data();
    long kvHeads = tensor.has(KV_HEADS) ? tensor.size(KV_HEADS) : 1;
    long dim = tensor.size(HEAD_DIM);
    return (row, kvHead, into) ->
        data.numbers((row * kvHeads + kvHead) * dim, into, 0, into.length);
  }

  private static DumpTensor ordered(DumpTensor tensor) {
    return RankReading.ordered(
        tensor, PAGES, REQUESTS, SLOTS, TOKENS, KV_HEADS, HEAD_DIM, DumpAxis.ENTRY_BYTES);
  }

  private Optional<int[][]> table(DumpTensor cache) {
    Optional<int[][]> table =
        rank.find(Role.BLOCK_TABLE).map(CacheReading::blocks).or(this::indices);
    long pages = cache.size(PAGES);
    table.ifPresent(
        blocks -> {
          for (int request = 0; request < blocks.length; request++) {
            for (int page : blocks[request]) {
              if (page >= pages) {
                throw new InvalidInputException(
                    "%s: page table: expected pages below %d, got %d for request %d"
                        .formatted(cache.data().described(), pages, page, request));
              }
            }
          }
        });
    return table;
  }

  private static int[][] blocks(DumpTensor table) {
    int[] all = RankReading.integers(table.in(REQUESTS, DumpAxis.ENTRIES));
    int width = Math.toIntExact(table.size(DumpAxis.ENTRIES));
    int[][] blocks = new int[Math.toIntExact(table.size(REQUESTS))][];
    Arrays.setAll(blocks, i -> Arrays.copyOfRange(all, i * width, (i + 1) * width));
    return blocks;
  }

  private Optional<int[][]> indices() {
    Optional<int[]> starts = rank.integers(Role.KV_INDPTR);
    Optional<int[]> indices = rank.integers(Role.KV_INDICES);
    if (starts.isEmpty() || indices.isEmpty()) {
      return Optional.empty();
    }
    int[] from = starts.get();
    int[][] blocks = new int[Math.max(0, from.length - 1)][];
    for (int request = 0; request < blocks.length; request++) {
      if (from[request] < 0
          || from[request + 1] < from[request]
          || from[request + 1] > indices.get().length) {
        throw new InvalidInputException(
            "%s: expected entries that ascend from 0 to at most %d, got %d and %d"
                .formatted(Role.KV_INDPTR, indices.get().length, from[request], from[request + 1]));
      }
      blocks[request] = Arrays.copyOfRange(indices.get(), from[request], from[request + 1]);
    }
    return Optional.of(blocks);
  }

  private record Form(DumpTensor shape, CacheVectors keys, CacheVectors values) {}
}
