package dev.helix.laws.placement;

import java.util.List;

/**
 * A request and the steps in which it has grown.
 *
 * @param prompt number of tokens of the prompt; the others are generated
 * @param steps number of tokens that each step has brought, in order: 0 where the request waited,
 *     and more than one for a part of the prompt or for drafts
 * @param cacheSlots the cache slot that an allocator has given to each token, all different; empty
 *     unless the rule is {@link PlacementKind#BY_CACHE_SLOT}
 */
public record PlacedRequest(int prompt, List<Integer> steps, List<Integer> cacheSlots) {
  /**
   * @throws IllegalArgumentException if a step brings both parts of the prompt and generated tokens
   */
  public PlacedRequest {
    steps = List.copyOf(steps);
    cacheSlots = List.copyOf(cacheSlots);
    int before = 0;
    for (int step : steps) {
      boolean both = before < prompt && before + step > prompt;
      if (step < 0 || both) {
        throw new IllegalArgumentException(
            "steps of %s tokens do not fit a prompt of %d".formatted(steps, prompt));
      }
      before += step;
    }
  }

  /** Number of all tokens. */
  public int tokens() {
    return steps.stream().mapToInt(Integer::intValue).sum();
  }

  /** The request as it was after its first {@code count} steps. */
  public PlacedRequest after(int count) {
    PlacedRequest earlier = new PlacedRequest(prompt, steps.subList(0, count), List.of());
    int tokens = Math.min(cacheSlots.size(), earlier.tokens());
    return new PlacedRequest(prompt, earlier.steps, cacheSlots.subList(0, tokens));
  }

  /** The first position of the step that brings a token. */
  int firstOfStep(int position) {
    int first = 0;
    for (int step : steps) {
      if (position < first + step) {
        return first;
      }
      first += step;
    }
    throw new IllegalArgumentException(
        "position %d is not among %d tokens".formatted(position, first));
  }

  @Override
  public String toString() {
    return "prompt of %d, steps of %s%s"
        .formatted(prompt, steps, cacheSlots.isEmpty() ? "" : ", cache slots " + cacheSlots);
  }
}
