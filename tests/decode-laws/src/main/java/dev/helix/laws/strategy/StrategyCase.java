package dev.helix.laws.strategy;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.CacheFormat;
import java.util.List;
import java.util.Set;

/**
 * A small model, a strategy that spreads it over ranks, and the requests of a batch. New tokens are
 * forced, so that all runs of a case read the same tokens.
 *
 * @param cache the number format of the KV cache
 * @param hard the hard cases that this case is one of
 */
record StrategyCase(
    StrategyModel model,
    Strategy strategy,
    List<DecodeRequest> requests,
    CacheFormat cache,
    Set<StrategyHardCase> hard) {
  StrategyCase {
    requests = List.copyOf(requests);
    hard = Set.copyOf(hard);
  }

  /** The case with another strategy. */
  StrategyCase with(Strategy other) {
    return new StrategyCase(model, other, requests, cache, Set.of());
  }

  /** The case with other requests. */
  StrategyCase with(List<DecodeRequest> others) {
    return new StrategyCase(model, strategy, others, cache, Set.of());
  }

  /** The run of a strategy in the place of the case's own, all of it recorded. */
  DecodePlan plan(Checkpoint checkpoint, Strategy other) {
    return new DecodePlan(checkpoint, other, requests, Recording.TAPS, cache);
  }

  /** Whether the strategy can spread the model and the requests. */
  boolean isLegal() {
    if (requests.isEmpty()) {
      return false;
    }
    try {
      strategy.requireFits(model.sizes());
      strategy.requireBatch(requests.size());
      return true;
    } catch (InvalidInputException e) {
      // A drawn width that breaks a rule is drawn again.
      return false;
    }
  }

  @Override
  public String toString() {
    return "%s under %s%s, prompts of %s tokens with %s new ones%s"
        .formatted(
            model,
            strategy,
            cache.quantizes() ? " with a KV cache in " + cache : "",
            requests.stream().map(request -> request.prompt().size()).toList(),
            requests.stream().map(DecodeRequest::maxNew).toList(),
            hard.isEmpty() ? "" : " " + hard);
  }
}
