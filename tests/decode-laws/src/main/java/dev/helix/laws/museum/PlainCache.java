package dev.helix.laws.museum;

import dev.helix.laws.cache.CacheForm;
import dev.helix.laws.cache.CacheRow;
import dev.helix.laws.cache.CacheUnderTest;
import dev.helix.laws.cache.RankCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A cache like those of serving systems. All requests share a pool of pages, each request has a
 * table of pages and a length, and tokens are dealt round robin. Faulty variants override a step of
 * it.
 */
class PlainCache implements CacheUnderTest {
  @Override
  public final RankCache cache(CacheForm form, int rank) {
    return new Rank(form, rank);
  }

  /**
   * The slots into which rows of padding are written; correctly there are none. Negative slots
   * count from the pool's end.
   */
  int[] slotsOfPadding() {
    return new int[0];
  }

  /** The request whose table of pages is used for a request's tokens; correctly its own. */
  int tableOf(int request, int numberInStep, List<Integer> open) {
    return request;
  }

  /** The length of a request after its last tokens were taken back. */
  int lengthAfterRejection(int length, int stay) {
    return stay;
  }

  /** The length of a request that begins. */
  int lengthAtOpening(int former) {
    return 0;
  }

  /** Whether the end of a request also frees the pages that its rejected drafts have given back. */
  boolean freesAgain() {
    return false;
  }

  /** The index of a row's token among the tokens that its request has in the step. */
  int numberInRequest(int row, int number, List<CacheRow> rows) {
    return number;
  }

  /** How many tokens of its request a row sees, of which {@code length} up to itself. */
  int seen(int length, int row, List<CacheRow> rows) {
    return length;
  }

  private final class Rank implements RankCache {
    private final CacheForm form;
    private final int rank;
    private final double[] pool;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Map<Integer, List<Integer>> tables = new TreeMap<>();
    private final Map<Integer, Integer> lengths = new HashMap<>();
    private final Map<Integer, List<Integer>> givenBack = new HashMap<>();

    Rank(CacheForm form, int rank) {
      this.form = form;
      this.rank = rank;
      this.pool = new double[form.pages() * form.pageSlots()];
      IntStream.range(0, form.pages()).forEach(free::push);
    }

    @Override
    public void open(int request) {
      tables.put(request, new ArrayList<>());
      givenBack.put(request, new ArrayList<>());
      lengths.put(request, lengthAtOpening(lengths.getOrDefault(request, 0)));
    }

    @Override
    public List<double[]> step(List<CacheRow> rows) {
      List<Integer> requests =
          new ArrayList<>(
              new LinkedHashSet<>(
                  rows.stream().filter(r -> !r.isPadding()).map(CacheRow::request).toList()));
      Map<Integer, Integer> before = new HashMap<>(lengths);
      int[] seen = new int[rows.size()];
      for (int row = 0; row < seen.length; row++) {
        CacheRow one = rows.get(row);
        if (one.isPadding()) {
          for (int slot : slotsOfPadding()) {
            pool[Math.floorMod(slot, pool.length)] = one.value();
          }
          continue;
        }
        int number = lengths.get(one.request()) - before.get(one.request());
        int first = one.position() - number;
        int position = first + numberInRequest(row, number, rows);
        seen[row] = lengths.merge(one.request(), 1, Integer::sum);
        if (position / form.runLength() % form.ranks() == rank) {
          List<Integer> own = tables.get(one.request());
          int slot = localLength(position);
          while (own.size() * form.pageSlots() <= slot) {
            own.add(free.pop());
          }
          pool[at(one.request(), requests, slot)] = one.value();
        }
      }
      List<double[]> read = new ArrayList<>();
      for (int row = 0; row < seen.length; row++) {
        int request = rows.get(row).request();
        int length = rows.get(row).isPadding() ? 0 : localLength(seen(seen[row], row, rows));
        read.add(
            IntStream.range(0, length)
                .mapToDouble(slot -> pool[at(request, requests, slot)])
                .toArray());
      }
      return read;
    }

    /** A slot of the pool; of a page that a table has not got, one of page 0. */
    private int at(int request, List<Integer> requests, int slot) {
      List<Integer> open = new ArrayList<>(tables.keySet());
      List<Integer> table = tables.get(tableOf(request, requests.indexOf(request), open));
      int page = slot / form.pageSlots();
      int inPool = page < table.size() ? table.get(page) : 0;
      return inPool * form.pageSlots() + slot % form.pageSlots();
    }

    private int localLength(int tokens) {
      return PlainPlacement.dealt(form.ranks(), form.runLength(), rank, tokens);
    }

    @Override
    public void truncate(int request, int tokens) {
      lengths.merge(request, tokens, PlainCache.this::lengthAfterRejection);
      List<Integer> table = tables.get(request);
      while ((table.size() - 1) * form.pageSlots() >= localLength(tokens) && !table.isEmpty()) {
        int page = table.remove(table.size() - 1);
        free.push(page);
        givenBack.get(request).add(page);
      }
    }

    @Override
    public void close(int request) {
      tables.remove(request).forEach(free::push);
      if (freesAgain()) {
        givenBack.get(request).forEach(free::push);
      }
    }
  }
}
