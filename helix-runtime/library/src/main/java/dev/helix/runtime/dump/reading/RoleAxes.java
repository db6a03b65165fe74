package dev.helix.runtime.dump.reading;

import static dev.helix.runtime.dump.DumpAxis.BATCH;
import static dev.helix.runtime.dump.DumpAxis.ENTRIES;
import static dev.helix.runtime.dump.DumpAxis.ENTRY_BYTES;
import static dev.helix.runtime.dump.DumpAxis.HEADS;
import static dev.helix.runtime.dump.DumpAxis.HEADS_BY_DIM;
import static dev.helix.runtime.dump.DumpAxis.HEAD_DIM;
import static dev.helix.runtime.dump.DumpAxis.HIDDEN;
import static dev.helix.runtime.dump.DumpAxis.KEYS_AND_VALUES;
import static dev.helix.runtime.dump.DumpAxis.KV_HEADS;
import static dev.helix.runtime.dump.DumpAxis.LATENT;
import static dev.helix.runtime.dump.DumpAxis.PAGES;
import static dev.helix.runtime.dump.DumpAxis.PEERS;
import static dev.helix.runtime.dump.DumpAxis.QUERIES;
import static dev.helix.runtime.dump.DumpAxis.REQUESTS;
import static dev.helix.runtime.dump.DumpAxis.SLOTS;
import static dev.helix.runtime.dump.DumpAxis.STATISTICS;
import static dev.helix.runtime.dump.DumpAxis.TOKENS;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import java.util.ArrayList;
import java.util.List;

/** The orders of axes in which programs keep tensors of a role, the most usual first. */
final class RoleAxes {
  private RoleAxes() {}

  /**
   * The orders for a number of axes.
   *
   * @param paged whether the dump says which pages a request has
   */
  static List<List<DumpAxis>> of(Role role, int axes, boolean paged) {
    return orders(role, paged).stream().filter(order -> order.size() == axes).toList();
  }

  /** The number of axes in the most usual order; 0 for a role without any. */
  static int usual(Role role) {
    List<List<DumpAxis>> orders = orders(role, true);
    return orders.isEmpty() ? 0 : orders.get(0).size();
  }

  private static List<List<DumpAxis>> orders(Role role, boolean paged) {
    return switch (role) {
      case QUERY, QUERY_LATENT, QUERY_ROPE, PARTIAL_OUTPUT, MERGED_OUTPUT ->
          List.of(
              List.of(BATCH, HEADS, HEAD_DIM),
              List.of(HEADS, BATCH, HEAD_DIM),
              List.of(BATCH, QUERIES, HEADS, HEAD_DIM),
              List.of(BATCH, HEADS, QUERIES, HEAD_DIM),
              List.of(BATCH, HEADS_BY_DIM));
      case LSE, MERGED_LSE ->
          List.of(
              List.of(BATCH, HEADS),
              List.of(HEADS, BATCH),
              List.of(BATCH, HEADS, QUERIES),
              List.of(BATCH, QUERIES, HEADS));
      case STATISTICS ->
          List.of(List.of(BATCH, HEADS, STATISTICS), List.of(BATCH, QUERIES, HEADS, STATISTICS));
      case SENT_OUTPUT, RECEIVED_OUTPUT -> exchanged(HEAD_DIM);
      case SENT_STATISTICS, RECEIVED_STATISTICS -> exchanged(STATISTICS);
      case SENT_LSE, RECEIVED_LSE ->
          List.of(
              List.of(PEERS, BATCH, HEADS),
              List.of(BATCH, HEADS, PEERS),
              List.of(BATCH, PEERS, HEADS));
      case KEY_CACHE, VALUE_CACHE -> cache(HEAD_DIM, paged);
      case KEY_ENTRIES, VALUE_ENTRIES -> cache(ENTRY_BYTES, paged);
      case KV_CACHE -> bothInOne(cache(HEAD_DIM, paged));
      case LATENT_CACHE, ROPE_CACHE, LATENT_ROPE_CACHE -> latent(HEAD_DIM, paged);
      case LATENT_ENTRIES -> latent(ENTRY_BYTES, paged);
      case BLOCK_TABLE -> List.of(List.of(REQUESTS, ENTRIES));
      case KV_INDPTR, KV_INDICES, QUERY_INDPTR -> List.of(List.of(ENTRIES));
      case LAST_PAGE_LENGTHS, LOCAL_LENGTHS, GLOBAL_LENGTHS -> List.of(List.of(REQUESTS));
      case QUERY_POSITIONS -> List.of(List.of(BATCH), List.of(BATCH, QUERIES));
      case KEY_SCALE, VALUE_SCALE -> List.of(List.of(), List.of(KV_HEADS));
      case SOFTMAX_SCALE -> List.of(List.of(), List.of(ENTRIES));
      case SINKS, SLOPES -> List.of(List.of(HEADS));
      case VALUE_UP -> List.of(List.of(HEADS, HEAD_DIM, LATENT), List.of(HEADS_BY_DIM, LATENT));
      case OUTPUT_WEIGHT ->
          List.of(List.of(HIDDEN, HEADS_BY_DIM), List.of(HIDDEN, HEADS, HEAD_DIM));
      case PROJECTED_PART, PROJECTED_OUTPUT ->
          List.of(List.of(BATCH, HIDDEN), List.of(BATCH, QUERIES, HIDDEN));
      case IGNORED -> List.of();
    };
  }

  private static List<List<DumpAxis>> exchanged(DumpAxis last) {
    return List.of(
        List.of(PEERS, BATCH, HEADS, last),
        List.of(BATCH, HEADS, PEERS, last),
        List.of(BATCH, PEERS, HEADS, last),
        List.of(BATCH, QUERIES, HEADS, PEERS, last));
  }

  private static List<List<DumpAxis>> cache(DumpAxis last, boolean paged) {
    return paged
        ? List.of(List.of(PAGES, SLOTS, KV_HEADS, last), List.of(PAGES, KV_HEADS, SLOTS, last))
        : List.of(
            List.of(REQUESTS, TOKENS, KV_HEADS, last), List.of(REQUESTS, KV_HEADS, TOKENS, last));
  }

  private static List<List<DumpAxis>> bothInOne(List<List<DumpAxis>> single) {
    List<List<DumpAxis>> both = new ArrayList<>();
    for (List<DumpAxis> axes : single) {
      for (int at = 0; at <= 1; at++) {
        List<DumpAxis> with = new ArrayList<>(axes);
        with.add(at, KEYS_AND_VALUES);
        both.add(with);
      }
    }
    return both;
  }

  private static List<List<DumpAxis>> latent(DumpAxis last, boolean paged) {
    return paged
        ? List.of(List.of(PAGES, SLOTS, last), List.of(PAGES, SLOTS, KV_HEADS, last))
        : List.of(List.of(REQUESTS, TOKENS, last), List.of(REQUESTS, TOKENS, KV_HEADS, last));
  }
}
