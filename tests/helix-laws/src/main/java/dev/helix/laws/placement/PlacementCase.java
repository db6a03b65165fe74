package dev.helix.laws.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Requests that grow side by side, and the rule by which their tokens are dealt.
 *
 * @param requests the requests, all of which have the same number of steps
 * @param hard the documented hard cases that this case is one of
 */
public record PlacementCase(
    PlacementRule rule, List<PlacedRequest> requests, Set<PlacementHardCase> hard) {
  public PlacementCase {
    requests = List.copyOf(requests);
    hard = Set.copyOf(hard);
    if (requests.stream().map(request -> request.steps().size()).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "expected at least one request and as many steps of each, got " + requests);
    }
  }

  /** Number of steps of each request. */
  int steps() {
    return requests.get(0).steps().size();
  }

  /** The step with this index, with all requests as they are when it is done. */
  PlacementStep step(int number) {
    return new PlacementStep(requests.stream().map(one -> one.after(number + 1)).toList());
  }

  /** Simpler cases: fewer requests, fewer steps, fewer tokens. */
  List<PlacementCase> simpler() {
    List<PlacementCase> simpler = new ArrayList<>();
    for (int one = 0; one < requests.size() && requests.size() > 1; one++) {
      List<PlacedRequest> others = new ArrayList<>(requests);
      others.remove(one);
      simpler.add(new PlacementCase(rule, others, hard));
    }
    for (int count : new int[] {1, steps() / 2, steps() - 1}) {
      if (count > 0 && count < steps()) {
        simpler.add(
            new PlacementCase(rule, requests.stream().map(one -> one.after(count)).toList(), hard));
      }
    }
    for (int one = 0; one < requests.size(); one++) {
      for (int step = 0; step < steps(); step++) {
        int tokens = requests.get(one).steps().get(step);
        for (int fewer : fewer(tokens)) {
          if (fewer >= 0 && fewer < tokens) {
            simpler.add(shortened(one, step, fewer));
          }
        }
      }
    }
    return simpler;
  }

  /** Less by whole rounds, of runs of 240 = 3 · 5 · 16 tokens or its factors; then by less. */
  private int[] fewer(int tokens) {
    return IntStream.concat(
            IntStream.of(240, 12, 4, 1).map(run -> tokens % (run * rule.shards())),
            IntStream.of(tokens / 2, tokens - 1))
        .toArray();
  }

  private PlacementCase shortened(int which, int step, int fewer) {
    PlacedRequest one = requests.get(which);
    List<Integer> steps = new ArrayList<>(one.steps());
    int before = steps.set(step, fewer);
    boolean ofPrompt = one.after(step + 1).tokens() <= one.prompt();
    int prompt = ofPrompt ? one.prompt() - (before - fewer) : one.prompt();
    int tokens = one.tokens() - (before - fewer);
    List<Integer> cacheSlots = one.cacheSlots().isEmpty() ? List.of() : one.cacheSlots();
    List<PlacedRequest> others = new ArrayList<>(requests);
    others.set(
        which,
        new PlacedRequest(
            prompt, steps, cacheSlots.subList(0, Math.min(tokens, cacheSlots.size()))));
    return new PlacementCase(rule, others, hard);
  }

  /** The size of the case; simpler cases are smaller. */
  int size() {
    int tokens = requests.stream().mapToInt(PlacedRequest::tokens).sum();
    return tokens + 1000 * requests.size() + 10 * steps();
  }

  @Override
  public String toString() {
    return "%s; %s%s"
        .formatted(
            rule,
            String.join(
                "; ",
                IntStream.range(0, requests.size())
                    .mapToObj(i -> "request %d: %s".formatted(i, requests.get(i)))
                    .toList()),
            hard.isEmpty() ? "" : "; " + hard);
  }
}
