package dev.helix.laws.placement;

import java.util.List;

/**
 * A step of several requests. Its rows are the new tokens of the first request, then those of the
 * second, and so on; a request may have none.
 *
 * @param requests the requests as they are when the step is done
 */
public record PlacementStep(List<PlacedRequest> requests) {
  public PlacementStep {
    requests = List.copyOf(requests);
  }

  /** Number of new tokens of a request, which are the last that it has. */
  public int brought(int request) {
    List<Integer> steps = requests.get(request).steps();
    return steps.get(steps.size() - 1);
  }

  /** Number of tokens of a request that were there before the step. */
  public int cached(int request) {
    return requests.get(request).tokens() - brought(request);
  }

  /** Number of rows of the step. */
  public int rows() {
    int rows = 0;
    for (int request = 0; request < requests.size(); request++) {
      rows += brought(request);
    }
    return rows;
  }
}
