package dev.helix.runtime.dump.writing;

import dev.helix.attention.QueryToken;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rank keeps of one request.
 *
 * @param tokens in the order of slots
 * @param slots number of slots that the rank has for the request, written or not
 */
record KeptTokens(List<QueryToken> tokens, int slots) {
  KeptTokens {
    tokens = List.copyOf(tokens);
  }

  /** The slots of all requests one behind the other, and with each its token if it has one. */
  static List<List<QueryToken>> inSlots(List<KeptTokens> requests) {
    List<List<QueryToken>> slots = new ArrayList<>();
    for (KeptTokens kept : requests) {
      for (int slot = 0; slot < kept.slots; slot++) {
        boolean written = slot < kept.tokens.size();
        slots.add(written ? List.of(kept.tokens.get(slot)) : List.of());
      }
    }
    return slots;
  }

  /** The table of pages of one slot each, a row for each request, padded with −1. */
  static int[][] table(List<KeptTokens> requests) {
    int width = requests.stream().mapToInt(KeptTokens::slots).max().orElse(0);
    int[][] table = new int[requests.size()][width];
    int page = 0;
    for (int request = 0; request < table.length; request++) {
      for (int slot = 0; slot < width; slot++) {
        table[request][slot] = slot < requests.get(request).slots ? page++ : -1;
      }
    }
    return table;
  }
}
