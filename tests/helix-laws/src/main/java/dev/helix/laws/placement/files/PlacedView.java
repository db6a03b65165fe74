package dev.helix.laws.placement.files;

import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementRule;
import java.util.stream.IntStream;

/**
 * A question to a placement: where one rank places the tokens of a request. Only the last tokens
 * that were there after each of its steps are asked for.
 */
record PlacedView(PlacementRule rule, PlacedRequest request, int rank) {
  /** The most positions that a law looks at, counted from the last that there is after a step. */
  private static final int MOST_POSITIONS = 300;

  /** The positions that are asked for, in rising order. */
  int[] positions() {
    return IntStream.rangeClosed(1, request.steps().size())
        .map(step -> request.after(step).tokens())
        .flatMap(tokens -> IntStream.range(Math.max(0, tokens - MOST_POSITIONS), tokens))
        .sorted()
        .distinct()
        .toArray();
  }

  /**
   * The slots whose positions are asked for, {@code [positions, 2]}: the owner and the slot of each
   * position by the rule.
   */
  long[] places() {
    int[] positions = positions();
    int[] next = new int[rule.shards()];
    long[] places = new long[2 * positions.length];
    for (int at = 0; at < positions.length; at++) {
      int position = positions[at];
      if (position > 0 && (at == 0 || positions[at - 1] < position - 1)) {
        next = IntStream.range(0, next.length).map(s -> rule.kept(request, s, position)).toArray();
      }
      int owner = rule.owner(request, position);
      places[2 * at] = owner;
      places[2 * at + 1] = next[owner]++;
    }
    return places;
  }
}
