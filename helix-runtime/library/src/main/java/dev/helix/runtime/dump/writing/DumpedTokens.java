package dev.helix.runtime.dump.writing;

import dev.helix.attention.QueryToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The query tokens of a step, request by request.
 *
 * @param rows the tokens in the order of the batch's rows, those of a request behind each other
 */
record DumpedTokens(List<QueryToken> rows) {
  DumpedTokens {
    rows = List.copyOf(rows);
  }

  /** The last token of each request that has any, in the order of the rows. */
  List<QueryToken> last() {
    Map<Integer, QueryToken> last = new LinkedHashMap<>();
    rows.forEach(token -> last.put(token.request(), token));
    return List.copyOf(last.values());
  }

  /** The number of tokens of each request after the step. */
  int[] lengths() {
    return last().stream().mapToInt(token -> token.position() + 1).toArray();
  }

  /** Where the rows of each request begin, and where those of the last one end. */
  int[] firstRows() {
    List<Integer> starts = new ArrayList<>();
    int request = -1;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).request() != request) {
        request = rows.get(row).request();
        starts.add(row);
      }
    }
    starts.add(rows.size());
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }
}
