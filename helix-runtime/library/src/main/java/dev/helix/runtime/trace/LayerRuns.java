package dev.helix.runtime.trace;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankTrace;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of consecutive layers that do the same in a step, so that one of each group is traced and
 * stands for all.
 *
 * @param firsts the first layer of each group
 * @param layers the layer behind the last one of the last group
 * @param kept how many layers of a group stand in an unrolled trace at most
 */
record LayerRuns(List<Integer> firsts, int layers, int kept) {
  private static final int ALL = Integer.MAX_VALUE;

  /** Groups dense layers, and layers of experts. */
  static LayerRuns byKind(ModelConfig model) {
    int dense = model.mixture().map(m -> Math.min(m.denseLayers(), model.layers())).orElse(0);
    boolean both = dense > 0 && dense < model.layers();
    return new LayerRuns(both ? List.of(0, dense) : List.of(0), model.layers(), ALL);
  }

  /** Takes every layer by itself. */
  static LayerRuns single(ModelConfig model) {
    List<Integer> all = new ArrayList<>();
    for (int layer = 0; layer < model.layers(); layer++) {
      all.add(layer);
    }
    return new LayerRuns(all, model.layers(), ALL);
  }

  /** The same groups, of which an unrolled trace keeps no more than so many layers each. */
  LayerRuns keeping(int most) {
    return new LayerRuns(firsts, layers, most);
  }

  /**
   * The same groups of some of the layers.
   *
   * @param some layers that follow each other
   */
  LayerRuns within(List<Integer> some) {
    return within(some.get(0), some.get(0) + some.size());
  }

  /** The same groups of the layers from {@code from} to before {@code end}. */
  LayerRuns within(int from, int end) {
    List<Integer> own = new ArrayList<>();
    for (int index = 0; index < firsts.size(); index++) {
      int first = Math.max(from, firsts.get(index));
      if (first < Math.min(end, firsts.get(index) + length(index))) {
        own.add(first);
      }
    }
    return new LayerRuns(own, end, kept);
  }

  /** Number of layers in the group of the {@code index}-th first layer. */
  int length(int index) {
    int end = index + 1 < firsts.size() ? firsts.get(index + 1) : layers;
    return end - firsts.get(index);
  }

  /** The groups that have more than two layers, with the number of those left out. */
  List<ShortStep.Run> shortened() {
    List<ShortStep.Run> longer = new ArrayList<>();
    for (int index = 0; index < firsts.size(); index++) {
      int left = length(index) - ShortStep.KEPT;
      if (left > 0) {
        longer.add(new ShortStep.Run(firsts.get(index), left));
      }
    }
    return longer;
  }

  /** Number of layers that the weights put on a rank at one place stand for. */
  int times(Place place) {
    if (place instanceof Place.LayerWeights weights) {
      return length(firsts.indexOf(weights.index()));
    }
    return 1;
  }

  /**
   * Makes the trace of all kept layers from that of the first layer of each group. A layer waits
   * for nothing outside of itself except the last operation before it, so its repetition is the
   * layer itself, shifted.
   *
   * @throws IllegalArgumentException if a layer waits for something else
   */
  RankTrace unrolled(RankTrace trace) {
    List<Operation> operations = trace.operations();
    List<Operation> all = new ArrayList<>();
    for (int from = 0; from < operations.size(); ) {
      int to = endOfPlace(operations, from);
      Place place = operations.get(from).place();
      // Each micro-batch passes through the layers.
      int run = place instanceof Place.Layer layer ? firsts.indexOf(layer.index()) : -1;
      int times = run < 0 ? 1 : Math.min(length(run), kept);
      for (int copy = 0; copy < times; copy++) {
        Place copied = run < 0 ? place : Place.layer(firsts.get(run) + copy);
        int by = all.size() - from;
        for (int i = from; i < to; i++) {
          all.add(within(operations.get(i), from).later(by, copied));
        }
      }
      from = to;
    }
    return new RankTrace(trace.rank(), all);
  }

  private static int endOfPlace(List<Operation> operations, int from) {
    int to = from;
    while (to < operations.size()
        && operations.get(to).place().equals(operations.get(from).place())) {
      to++;
    }
    return to;
  }

  private static Operation within(Operation operation, int from) {
    if (!operation.after().isEmpty() && operation.after().get(0) < from - 1) {
      throw new IllegalArgumentException(
          "%s of %s waits for operation %d, expected none before %d"
              .formatted(operation.name(), operation.place(), operation.after().get(0), from - 1));
    }
    return operation;
  }
}
