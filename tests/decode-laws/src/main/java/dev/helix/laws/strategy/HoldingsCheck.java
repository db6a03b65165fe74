package dev.helix.laws.strategy;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.strategy.RankHoldings;
import dev.helix.runtime.strategy.Span;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Checks that everything has its rank. A query head attends over each token of each request on one
 * rank; each token of a KV head is kept, as often as that of any other head; and each column of
 * each expert is on one rank.
 */
final class HoldingsCheck {
  private final DecodePlan plan;
  private final ModelConfig model;
  private final List<RankHoldings> ranks;

  HoldingsCheck(DecodePlan plan) {
    this.plan = plan;
    this.model = plan.model();
    this.ranks =
        IntStream.range(0, plan.strategy().ranks())
            .mapToObj(rank -> plan.strategy().holdings(model, rank))
            .toList();
  }

  /** Says in words what has no rank, or too many; empty if everything has its rank. */
  Optional<String> fault() {
    for (int layer = 0; layer < model.layers(); layer++) {
      for (int request = 0; request < plan.requests().size(); request++) {
        for (int position = 0; position < plan.requests().get(request).capacity(); position++) {
          Optional<String> fault = attention(layer, request, position);
          if (fault.isPresent()) {
            return fault;
          }
        }
      }
      Optional<String> fault = columns(layer);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private Optional<String> attention(int layer, int request, int position) {
    List<RankHoldings> keepers =
        holding(layer).stream()
            .filter(rank -> rank.requests().test(request))
            .filter(rank -> keeps(rank.attention(), request, position))
            .toList();
    String where = "layer %d, request %d, position %d".formatted(layer, request, position);
    Optional<String> queries =
        only(
            1,
            model.attention().queryHeads(),
            head -> count(keepers, rank -> rank.attention().queryHeads(), head),
            "ranks attend with query head %d at " + where);
    if (queries.isPresent()) {
      return queries;
    }
    TreeSet<Integer> copies = new TreeSet<>();
    for (int head = 0; head < model.attention().kvHeads(); head++) {
      copies.add(count(keepers, rank -> rank.attention().kvHeads(), head));
    }
    return copies.size() == 1 && copies.first() > 0
        ? Optional.empty()
        : Optional.of("KV heads are kept %s times at %s".formatted(copies, where));
  }

  private boolean keeps(RankHoldings.Attention attention, int request, int position) {
    int capacity = plan.requests().get(request).capacity();
    return attention.placement().apply(capacity).owner(position) == attention.shard();
  }

  /** Dense FFNs serve the requests of their ranks, experts those of all. */
  private Optional<String> columns(int layer) {
    if (model.mixture().isEmpty()) {
      for (int request = 0; request < plan.requests().size(); request++) {
        int of = request;
        List<RankHoldings> serving =
            holding(layer).stream().filter(rank -> rank.requests().test(of)).toList();
        Optional<String> fault =
            only(
                1,
                model.intermediateSize(),
                column -> count(serving, rank -> rank.ffn().columns(), column),
                "ranks have column %d in layer " + layer + " for request " + request);
        if (fault.isPresent()) {
          return fault;
        }
      }
      return Optional.empty();
    }
    int width = model.mixture().get().shape().intermediate();
    return only(
        1,
        model.mixture().get().shape().experts() * width,
        at ->
            (int)
                holding(layer).stream()
                    .filter(rank -> has(rank.ffn().experts(), at / width))
                    .filter(rank -> has(rank.ffn().columns(), at % width))
                    .count(),
        "ranks have column %d, counted through all experts, in layer " + layer);
  }

  private List<RankHoldings> holding(int layer) {
    return ranks.stream().filter(rank -> has(rank.layers(), layer)).toList();
  }

  private static Optional<String> only(
      int expected, int size, IntUnaryOperator counted, String what) {
    for (int index = 0; index < size; index++) {
      int found = counted.applyAsInt(index);
      if (found != expected) {
        return Optional.of(found + " " + what.formatted(index));
      }
    }
    return Optional.empty();
  }

  private interface Part {
    Span of(RankHoldings rank);
  }

  private static int count(List<RankHoldings> ranks, Part part, int index) {
    return (int) ranks.stream().filter(rank -> has(part.of(rank), index)).count();
  }

  private static boolean has(Span span, int index) {
    return span.first() <= index && index < span.first() + span.count();
  }
}
