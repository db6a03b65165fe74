package dev.helix.runtime.sharded.stages;

import dev.helix.attention.convention.Marks;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepShape;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.stages.ExchangeJudge.Parts;
import dev.helix.runtime.sharded.stages.ExchangeJudge.Route;
import dev.helix.runtime.sharded.stages.ExchangeJudge.Sent;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The known faults of an exchange: parts that come from another rank, token or head than they
 * should, on both tensors or on one of the two alone, and ranks that are not heard.
 */
final class ExchangeSuspects {
  /** Of more ranks, or heads, there are too many pairs to try. */
  private static final int MOST_PAIRED = 16;

  private final ShardedStep step;
  private final StepShape shape;
  private final ExchangeJudge judge;

  ExchangeSuspects(ShardedStep step, ExchangeJudge judge) {
    this.step = step;
    this.shape = step.facts().shape();
    this.judge = judge;
  }

  List<Suspect> all() {
    Map<String, Route> routes = routes();
    List<Suspect> all = new ArrayList<>();
    routes.forEach((name, route) -> all.add(suspect(name, route, route)));
    if (step.has(StepTensor.RECEIVED_LSE) && step.has(StepTensor.RECEIVED_OUTPUT)) {
      routes.forEach(
          (name, route) -> {
            all.add(suspect("LSEs alone: " + name, route, ExchangeJudge.STRAIGHT));
            all.add(suspect("outputs alone: " + name, ExchangeJudge.STRAIGHT, route));
          });
    }
    for (int one = 0; one < shape.kvp(); one++) {
      int silent = one;
      all.add(
          new Suspect(
              "nothing received from rank %d: zeros, or a part without tokens".formatted(one),
              (scope, tally) -> withoutFrom(silent, scope, tally)));
    }
    return List.copyOf(all);
  }

  private Suspect suspect(String name, Route lses, Route outputs) {
    return new Suspect(
        name,
        (scope, tally) -> judge.compare(scope, new Parts(lses, outputs, sender -> true), tally));
  }

  private Map<String, Route> routes() {
    int kvp = shape.kvp();
    int tokens = step.facts().tokens().size();
    int own = shape.ownHeads();
    Map<String, Route> routes = new LinkedHashMap<>();
    routes.put(
        "parts in the reverse order of ranks", (r, s, t, h) -> new Sent(kvp - 1 - s, t, r, h));
    routes.put(
        "blocks of senders read as if query tokens came first",
        (r, s, t, h) -> {
          int block = t * kvp + s;
          return new Sent(block / tokens, block % tokens, r, h);
        });
    routes.put(
        "parts in an order of ranks that begins with the receiver",
        (r, s, t, h) -> new Sent((r + s) % kvp, t, r, h));
    routes.put(
        "each rank kept its own states, as without an exchange",
        (r, s, t, h) -> new Sent(r, t, s, h));
    routes.put("heads of the next rank", (r, s, t, h) -> new Sent(s, t, (r + 1) % kvp, h));
    routes.put("heads of the rank before", (r, s, t, h) -> new Sent(s, t, (r + kvp - 1) % kvp, h));
    routes.put(
        "[tokens, heads] as [heads, tokens]",
        (r, s, t, h) -> {
          int at = t * own + h;
          return new Sent(s, at % tokens, r, at / tokens);
        });
    routes.put(
        "heads dealt in turn, not in runs",
        (r, s, t, h) -> {
          int head = h * kvp + r;
          return new Sent(s, t, head / own, head % own);
        });
    for (int[] pair : pairs(kvp)) {
      routes.put(
          "parts of ranks %d and %d exchanged".formatted(pair[0], pair[1]),
          (r, s, t, h) -> new Sent(exchanged(s, pair), t, r, h));
    }
    for (int[] pair : pairs(own)) {
      routes.put(
          "heads %d and %d of a rank exchanged".formatted(pair[0], pair[1]),
          (r, s, t, h) -> new Sent(s, t, r, exchanged(h, pair)));
    }
    for (int one = 0; one < kvp; one++) {
      int sender = one;
      routes.put(
          "from rank %d in place of all others".formatted(one),
          (r, s, t, h) -> new Sent(sender, t, r, h));
    }
    return routes;
  }

  /** All pairs of so many things. */
  private static List<int[]> pairs(int things) {
    List<int[]> pairs = new ArrayList<>();
    for (int first = 0; first < things && things <= MOST_PAIRED; first++) {
      for (int second = first + 1; second < things; second++) {
        pairs.add(new int[] {first, second});
      }
    }
    return pairs;
  }

  private static int exchanged(int index, int[] pair) {
    return index == pair[0] ? pair[1] : index == pair[1] ? pair[0] : index;
  }

  /** Compares with what was sent, but for one sender, whose part has to be empty. */
  private void withoutFrom(int silent, Scope scope, Tally tally) {
    Marks marks = step.facts().forms().convention().marks();
    int rows = step.facts().tokens().size() * shape.ownHeads();
    Route straight = ExchangeJudge.STRAIGHT;
    judge.compare(scope, new Parts(straight, straight, sender -> sender != silent), tally);
    for (RankStep receiver : step.ranks()) {
      if (!scope.hasRank(receiver.rank())) {
        continue;
      }
      for (int row = silent * rows; row < (silent + 1) * rows; row++) {
        int token = row / shape.ownHeads() % step.facts().tokens().size();
        int head = receiver.rank() * shape.ownHeads() + row % shape.ownHeads();
        Place place = new Place(receiver.rank(), token, head);
        if (receiver.has(StepTensor.RECEIVED_LSE)) {
          double lse = receiver.get(StepTensor.RECEIVED_LSE)[row];
          double empty = marks.mayBeRead(lse) ? lse : 0;
          tally.add(new Element(place, "received LSE of rank " + silent, lse, empty, 0));
        }
        if (receiver.has(StepTensor.RECEIVED_OUTPUT)) {
          int dim = shape.valueDim();
          double[] outputs = receiver.get(StepTensor.RECEIVED_OUTPUT);
          tally.addAll(
              place,
              i -> "received output[" + i + "] of rank " + silent,
              Arrays.copyOfRange(outputs, row * dim, (row + 1) * dim),
              new double[dim],
              new double[dim]);
        }
      }
    }
  }
}
