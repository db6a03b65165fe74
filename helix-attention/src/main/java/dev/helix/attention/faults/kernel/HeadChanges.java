package dev.helix.attention.faults.kernel;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Changes that let query heads read other KV heads than their own. */
final class HeadChanges {
  private HeadChanges() {}

  /** Query head h reads KV head h mod K. */
  static <T extends Tensor> PartialAttention<T> otherGroups(HealthyLaunch<T> launch) {
    int kvHeads = launch.kvHeads();
    return reading(launch, head -> head % kvHeads);
  }

  /**
   * The fault that a rank counts query heads from the first one that it keeps after the exchange,
   * and divides that index by Q/K.
   */
  static <T extends Tensor> PartialAttention<T> restartedRatio(HealthyLaunch<T> launch) {
    int ranks =
        launch.views().stream()
            .flatMap(view -> view.positions().stream())
            .mapToInt(at -> at.placement().shards())
            .findFirst()
            .orElse(1);
    int kept = Math.max(1, launch.heads() / ranks);
    int ratio = launch.heads() / launch.kvHeads();
    return reading(launch, head -> head % kept / ratio);
  }

  /**
   * Computes what heads attend to if each reads the KV head that {@code kvHeadOf} gives it. In
   * launch s each head is moved s groups further on, and a head's result is taken from the launch
   * in which it reads that KV head.
   */
  private static <T extends Tensor> PartialAttention<T> reading(
      HealthyLaunch<T> launch, IntUnaryOperator kvHeadOf) {
    int heads = launch.heads();
    int kvHeads = launch.kvHeads();
    int ratio = heads / kvHeads;
    List<HostStates<T>> turned = new ArrayList<>();
    for (int turn = 0; turn < kvHeads; turn++) {
      int by = turn * ratio;
      turned.add(moved(launch, IntStream.range(0, heads).map(h -> (h + by) % heads).toArray()));
    }
    HostStates<T> states = launch.states();
    for (int at = 0; at < launch.rows(); at++) {
      int head = at % heads;
      int turn = Math.floorMod(kvHeadOf.applyAsInt(head) - head / ratio, kvHeads);
      HostStates<T> from = turned.get(turn);
      states.write(at, from.output(at), from.lses[at]);
    }
    return states.tensors();
  }

  /** Launches with heads moved to other places, and moves the results back. */
  private static <T extends Tensor> HostStates<T> moved(HealthyLaunch<T> launch, int[] place) {
    ScoreRule rule = launch.rule();
    ScoreRule moved =
        rule.withSinks(moved(rule.sinks(), place)).withAlibi(moved(rule.alibiSlopes(), place));
    T queries = launch.queries();
    int rows = queries.spec().size(Axis.BATCH);
    double[] numbers = moved(launch.rank().numbers().of(queries), rows, place);
    HostStates<T> states =
        launch
            .with(moved)
            .withQueries(launch.rank().numbers().tensor(queries.spec(), numbers))
            .states();
    int[] back = new int[place.length];
    for (int head = 0; head < place.length; head++) {
      back[place[head]] = head;
    }
    double[] outputs = moved(states.outputs, rows, back);
    double[] lses = moved(states.lses, rows, back);
    System.arraycopy(outputs, 0, states.outputs, 0, outputs.length);
    System.arraycopy(lses, 0, states.lses, 0, lses.length);
    return states;
  }

  private static List<Double> moved(List<Double> ofHeads, int[] place) {
    List<Double> result = new ArrayList<>(ofHeads);
    for (int head = 0; head < ofHeads.size(); head++) {
      result.set(place[head], ofHeads.get(head));
    }
    return result;
  }

  /** A copy of {@code [rows, heads, ..]} in which head h is at {@code place[h]}. */
  private static double[] moved(double[] all, int rows, int[] place) {
    double[] result = new double[all.length];
    int width = all.length / place.length / rows;
    for (int i = 0; i < all.length; i++) {
      int run = i / width;
      int to = run / place.length * place.length + place[run % place.length];
      result[to * width + i % width] = all[i];
    }
    return result;
  }
}
