package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which query token belongs to which request, and what it sees. Without positions in the dump the
 * query tokens of a request are its last ones.
 */
final class TokenFacts {
  private final RankReading rank;
  private final int[] lengths;
  private final int tokens;

  TokenFacts(RankReading rank, int[] lengths, int tokens) {
    this.rank = rank;
    this.lengths = lengths;
    this.tokens = tokens;
  }

  /**
   * Refuses lengths that are given for another number of requests than the dump has.
   *
   * @param given how many lengths are given
   */
  void requireRequests(int given) {
    Optional<Integer> requests =
        rank.integers(Role.LOCAL_LENGTHS)
            .or(() -> rank.integers(Role.GLOBAL_LENGTHS))
            .map(dumped -> dumped.length)
            .or(() -> rank.integers(Role.QUERY_INDPTR).map(starts -> starts.length - 1));
    boolean right = requests.map(count -> count == given).orElse(tokens % given == 0);
    if (!right) {
      String expected =
          requests
              .map(count -> "%d lengths, one for each request".formatted(count))
              .orElse("a number of lengths that divides the %d query tokens".formatted(tokens));
      throw new InvalidInputException("--lengths: expected %s, got %d".formatted(expected, given));
    }
  }

  List<QueryToken> tokens() {
    Optional<int[]> positions =
        rank.find(Role.QUERY_POSITIONS)
            .map(
                tensor ->
                    RankReading.integers(
                        RankReading.ordered(tensor, DumpAxis.BATCH, DumpAxis.QUERIES)));
    int[] counts = counts();
    List<QueryToken> all = new ArrayList<>();
    for (int request = 0; request < counts.length; request++) {
      for (int i = 0; i < counts[request]; i++) {
        int visible = lengths[request] - (counts[request] - 1 - i);
        if (positions.isPresent() && all.size() < positions.get().length) {
          visible = positions.get()[all.size()] + 1;
        }
        if (visible < 1) {
          throw new InvalidInputException(
              "dump: request %d: expected a length of at least its %d query tokens, got %d"
                  .formatted(request, counts[request], lengths[request]));
        }
        all.add(new QueryToken(request, visible - 1));
      }
    }
    if (all.size() != tokens) {
      throw new InvalidInputException(
          "dump: query tokens: expected %d, as the requests say, got %d"
              .formatted(all.size(), tokens));
    }
    return all;
  }

  private int[] counts() {
    int requests = lengths.length;
    int[] counts = new int[requests];
    Optional<int[]> starts = rank.integers(Role.QUERY_INDPTR);
    for (int request = 0; request < requests; request++) {
      if (starts.isPresent() && starts.get().length > request + 1) {
        counts[request] = starts.get()[request + 1] - starts.get()[request];
      } else {
        counts[request] = tokens % requests == 0 ? tokens / requests : 1;
      }
    }
    return counts;
  }
}
