package dev.helix.runtime.sharded;

import dev.helix.tensor.InvalidInputException;

/**
 * A token of a decode step whose query attends. Several tokens of a step may belong to one request.
 *
 * @param request index of the request in the batch
 * @param visible number of tokens of the request that the causal bound lets it see, itself
 *     included: its position plus 1
 */
public record QueryToken(int request, int visible) {
  public QueryToken {
    if (request < 0 || visible < 1) {
      throw new InvalidInputException(
          "query token: expected a request and at least 1 visible token, got request %d and %d"
              .formatted(request, visible));
    }
  }
}
