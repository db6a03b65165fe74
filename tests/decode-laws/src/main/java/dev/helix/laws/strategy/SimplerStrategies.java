package dev.helix.laws.strategy;

import dev.helix.runtime.decode.DecodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Simpler cases that replace a failing case as long as they fail too: one request less, one new
 * token, a prompt of one token, one layer less. The strategy stays, because the fault may be its
 * own.
 */
final class SimplerStrategies {
  private SimplerStrategies() {}

  /** The greatest simplification first. */
  static List<StrategyCase> of(StrategyCase given) {
    List<StrategyCase> simpler = new ArrayList<>();
    for (int dropped = 0; dropped < given.requests().size(); dropped++) {
      List<DecodeRequest> fewer = new ArrayList<>(given.requests());
      fewer.remove(dropped);
      simpler.add(given.with(fewer));
    }
    int layers = given.model().layers();
    if (layers > 1) {
      simpler.add(
          new StrategyCase(
              given.model().withLayers(layers - 1),
              given.strategy(),
              given.requests(),
              given.cache(),
              Set.of()));
    }
    for (int shortened = 0; shortened < given.requests().size(); shortened++) {
      DecodeRequest request = given.requests().get(shortened);
      if (request.maxNew() > 1) {
        simpler.add(with(given, shortened, request(request.prompt(), 1, request)));
      }
      if (request.prompt().size() > 1) {
        simpler.add(
            with(
                given,
                shortened,
                request(request.prompt().subList(0, 1), request.maxNew(), request)));
      }
    }
    return simpler.stream().filter(StrategyCase::isLegal).toList();
  }

  private static DecodeRequest request(List<Integer> prompt, int maxNew, DecodeRequest of) {
    return new DecodeRequest(prompt, maxNew, of.forced().subList(0, maxNew));
  }

  private static StrategyCase with(StrategyCase given, int number, DecodeRequest request) {
    List<DecodeRequest> others = new ArrayList<>(given.requests());
    others.set(number, request);
    return given.with(others);
  }
}
