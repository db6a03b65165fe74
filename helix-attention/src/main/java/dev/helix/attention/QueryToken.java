package dev.helix.attention;

/**
 * One row of a step's batch: the token at a global position of a request. In decode each active
 * request has one row. In prefill, or when a speculation is verified, it has several, with rising
 * positions.
 *
 * @param request index of the request
 * @param position 0 for the request's first token
 */
public record QueryToken(int request, int position) {
  public QueryToken {
    if (request < 0 || position < 0) {
      throw new IllegalArgumentException(
          "request and position must not be negative, got request %d, position %d"
              .formatted(request, position));
    }
  }

  /** How many tokens of its request the causal bound lets its query see, itself included. */
  public int visible() {
    return position + 1;
  }
}
