package dev.helix.laws.attention.files;

import dev.helix.laws.attention.AttentionInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The shards of several requests in the pages of one cache. Pages of all requests lie in any order,
 * and one page belongs to nobody. Slots behind a request's last token hold what the request's
 * padding holds, or NaN where it has none; so does the page of nobody.
 */
final class PagedCache {
  /** Marks a slot without a token. */
  private static final long NOTHING = -1;

  private final List<AttentionInput> requests;
  private final int pageSlots;
  private final int[] ends;
  private final int[] order;

  PagedCache(List<AttentionInput> requests) {
    this.requests = requests;
    this.pageSlots = requests.get(0).pageSlots();
    this.ends = new int[requests.size() + 1];
    for (int request = 0; request < requests.size(); request++) {
      int pages = (tokens(requests.get(request)) + pageSlots - 1) / pageSlots;
      ends[request + 1] = ends[request] + pages;
    }
    List<Integer> places = new ArrayList<>(IntStream.rangeClosed(0, used()).boxed().toList());
    Collections.shuffle(places, new Random(used()));
    this.order = places.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Number of tokens that the shard holds of a request; its slots behind them are padding. */
  private static int tokens(AttentionInput request) {
    return (int) Arrays.stream(request.slotPositions()).filter(p -> p >= 0).count();
  }

  /** Number of pages that belong to a request. */
  private int used() {
    return ends[requests.size()];
  }

  int pages() {
    return used() + 1;
  }

  int pageSlots() {
    return pageSlots;
  }

  /** The first entry of each request in {@link #indices}, and behind them the number of entries. */
  long[] indptr() {
    return Arrays.stream(ends).asLongStream().toArray();
  }

  /** The pages of the first request in order, then those of the second, and so on. */
  long[] indices() {
    return Arrays.stream(order, 0, used()).asLongStream().toArray();
  }

  /** Number of tokens in the last page of each request; 0 for a request without tokens. */
  long[] lastPageLengths() {
    return requests.stream()
        .mapToLong(
            request -> {
              int tokens = tokens(request);
              return tokens == 0 ? 0 : (tokens - 1) % pageSlots + 1;
            })
        .toArray();
  }

  /** The position of the token in each slot, {@code [pages, pageSlots]}; −1 where there is none. */
  long[] positions() {
    long[] positions = new long[pages() * pageSlots];
    Arrays.fill(positions, NOTHING);
    for (int request = 0; request < requests.size(); request++) {
      int[] own = requests.get(request).slotPositions();
      int tokens = tokens(requests.get(request));
      for (int slot = 0; slot < tokens; slot++) {
        positions[place(request, slot)] = own[slot];
      }
    }
    return positions;
  }

  /**
   * The keys or values of all requests, {@code [pages, pageSlots, kvHeads, dim]}.
   *
   * @param which the keys or values of a request, {@code [slots, kvHeads, dim]}
   */
  double[] filled(Function<AttentionInput, double[]> which, int dim) {
    int width = requests.get(0).kvHeads() * dim;
    double[] filled = new double[pages() * pageSlots * width];
    Arrays.fill(filled, Double.NaN);
    for (int request = 0; request < requests.size(); request++) {
      double[] own = which.apply(requests.get(request));
      int slots = own.length / width;
      int room = (ends[request + 1] - ends[request]) * pageSlots;
      int tokens = tokens(requests.get(request));
      for (int slot = 0; slot < room; slot++) {
        int from = slot < slots ? slot : tokens;
        if (from < slots) {
          System.arraycopy(own, from * width, filled, place(request, slot) * width, width);
        }
      }
    }
    return filled;
  }

  private int place(int request, int slot) {
    return order[ends[request] + slot / pageSlots] * pageSlots + slot % pageSlots;
  }
}
