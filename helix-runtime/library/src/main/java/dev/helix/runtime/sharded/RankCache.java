package dev.helix.runtime.sharded;

import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The cache of one rank: a table of pages for each request, and the vectors in the pages. A cache
 * without pages is one with a single page for each request.
 */
public final class RankCache {
  /** What a table holds behind its last page. */
  public static final int NO_PAGE = -1;

  private final int[][] table;
  private final int pageSize;
  private final CacheVectors keys;
  private final CacheVectors values;
  private final Map<String, RankCache> misreadings;

  /**
   * Creates the cache.
   *
   * @param table the pages of each request in the order of its slots, with a negative number where
   *     there is none
   * @param pageSize number of slots of a page
   */
  public RankCache(int[][] table, int pageSize, CacheVectors keys, CacheVectors values) {
    this(table, pageSize, keys, values, Map.of());
  }

  private RankCache(
      int[][] table,
      int pageSize,
      CacheVectors keys,
      CacheVectors values,
      Map<String, RankCache> misreadings) {
    if (pageSize < 1) {
      throw new InvalidInputException("page size: expected at least 1 slot, got " + pageSize);
    }
    this.table = table.clone();
    this.pageSize = pageSize;
    this.keys = keys;
    this.values = values;
    this.misreadings = Map.copyOf(misreadings);
  }

  /** A cache without pages, {@code [requests, capacity, kvHeads, dim]}. */
  public static RankCache dense(
      int requests, int capacity, CacheVectors keys, CacheVectors values) {
    int[][] table = new int[requests][1];
    for (int request = 0; request < requests; request++) {
      table[request][0] = request;
    }
    return new RankCache(table, Math.max(1, capacity), keys, values);
  }

  /** Number of slots of a page. */
  public int pageSize() {
    return pageSize;
  }

  /** The pages of a request. */
  public int[] pages(int request) {
    return table[request].clone();
  }

  /** Number of requests in the table. */
  public int requests() {
    return table.length;
  }

  /** How many slots of a request can be read: those before the first missing page. */
  public int slots(int request) {
    int pages = 0;
    while (pages < table[request].length && table[request][pages] >= 0) {
      pages++;
    }
    return Math.multiplyExact(pages, pageSize);
  }

  /** The same pages, and behind those of a request the pages of all others, in their order. */
  public RankCache withForeignPages() {
    int[][] longer = new int[table.length][];
    for (int request = 0; request < table.length; request++) {
      IntStream pages = pagesThere(request);
      for (int other = 0; other < table.length; other++) {
        pages = other == request ? pages : IntStream.concat(pages, pagesThere(other));
      }
      longer[request] = pages.toArray();
    }
    return new RankCache(longer, pageSize, keys, values, misreadings);
  }

  /** The same pages, where each request is given those of another one. */
  public RankCache withPagesOf(IntUnaryOperator other) {
    int[][] given = new int[table.length][];
    Arrays.setAll(given, request -> table[other.applyAsInt(request)]);
    return new RankCache(given, pageSize, keys, values, misreadings);
  }

  private IntStream pagesThere(int request) {
    return Arrays.stream(table[request]).takeWhile(page -> page >= 0);
  }

  /** The same cache whose bytes can also be decoded in these wrong ways, by their names. */
  public RankCache misreadAs(Map<String, RankCache> ways) {
    return new RankCache(table, pageSize, keys, values, ways);
  }

  /** The wrong ways in which the bytes of the cache may have been decoded. */
  public Map<String, RankCache> misreadings() {
    return misreadings;
  }

  /**
   * Reads the stored key of a slot.
   *
   * @param into {@code [keyDim]}
   */
  public void key(int request, int slot, int kvHead, double[] into) {
    keys.read(row(request, slot), kvHead, into);
  }

  /**
   * Reads the stored value of a slot.
   *
   * @param into {@code [valueDim]}
   */
  public void value(int request, int slot, int kvHead, double[] into) {
    values.read(row(request, slot), kvHead, into);
  }

  private long row(int request, int slot) {
    return (long) table[request][slot / pageSize] * pageSize + slot % pageSize;
  }
}
