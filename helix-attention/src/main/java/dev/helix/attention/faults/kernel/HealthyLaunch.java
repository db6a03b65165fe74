package dev.helix.attention.faults.kernel;

import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One launch of the healthy kernel of decode attention.
 *
 * @param queries {@code [batch, heads, headDim]}
 * @param views what each row sees
 * @param valueDim components of a value
 */
record HealthyLaunch<T extends Tensor>(
    HealthyRank<T> rank, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
  PartialAttention<T> run() {
    return rank.kernels().flashDecode(queries, views, rule, valueDim);
  }

  /** The result as numbers. */
  HostStates<T> states() {
    return HostStates.of(rank.numbers(), run());
  }

  HealthyLaunch<T> with(ScoreRule other) {
    return new HealthyLaunch<>(rank, queries, views, other, valueDim);
  }

  HealthyLaunch<T> with(List<KvView<T>> others) {
    return new HealthyLaunch<>(rank, queries, others, rule, valueDim);
  }

  HealthyLaunch<T> withQueries(T otherQueries) {
    return new HealthyLaunch<>(rank, otherQueries, views, rule, valueDim);
  }

  /** This launch with every view changed. */
  HealthyLaunch<T> seeing(UnaryOperator<KvView<T>> change) {
    return with(views.stream().map(change).toList());
  }

  int heads() {
    return queries.spec().size(Axis.HEADS);
  }

  /** Number of query tokens times number of heads. */
  int rows() {
    return views.size() * heads();
  }

  int kvHeads() {
    return views.stream()
        .filter(view -> view.length() > 0)
        .mapToInt(view -> view.pages().get(0).keys().spec().size(Axis.KV_HEADS))
        .findFirst()
        .orElse(1);
  }

  /** Number of tokens of the request that the shard holds, from this step or before. */
  int written(KvView<T> view) {
    return views.stream()
        .filter(other -> other.pages().equals(view.pages()))
        .mapToInt(other -> other.first() + other.length())
        .max()
        .orElseThrow();
  }
}
