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
 * @param firsts the first layer of each run
 * @param layers number of layers of the model
 */
record LayerRuns(List<Integer> firsts, int layers) {
  /** Groups dense layers, and layers of experts. */
  static LayerRuns byKind(ModelConfig model) {
    int dense = model.mixture().map(m -> Math.min(m.denseLayers(), model.layers())).orElse(0);
    boolean both = dense > 0 && dense < model.layers();
    return new LayerRuns(both ? List.of(0, dense) : List.of(0), model.layers());
  }

  /** Takes every layer by itself. */
  static LayerRuns single(ModelConfig model) {
    List<Integer> all = new ArrayList<>();
    for (int layer = 0; layer < model.layers(); layer++) {
      all.add(layer);
    }
    return new LayerRuns(all, model.layers());
  }

  /** The first layer of each group among some of the layers. */
  List<Integer> firstsOf(List<Integer> some) {
    return firsts.stream().filter(some::contains).toList();
  }

  /** Number of layers in the group of the {@code index}-th first layer. */
  int length(int index) {
    int end = index + 1 < firsts.size() ? firsts.get(index + 1) : layers;
    return end - firsts.get(index);
  }

  /** Number of layers for which the weights stand that were put on a rank at a place. */
  int times(Place place) {
    if (place instanceof Place.LayerWeights weights) {
      return length(firsts.indexOf(weights.index()));
    }
    return 1;
  }

  /**
   * Makes the trace of all layers from that of the first layer of each group. A layer waits for
   * nothing outside of itself except the last operation before it, so its repetition is the layer
   * itself, shifted.
   *
   * @throws IllegalArgumentException if that is not so
   */
  RankTrace unrolled(RankTrace trace) {
    if (firsts.size() == layers) {
      return trace;
    }
    List<Operation> operations = trace.operations();
    List<Operation> all = new ArrayList<>();
    int run = 0;
    for (int from = 0; from < operations.size(); ) {
      int to = endOfPlace(operations, from);
      Place place = operations.get(from).place();
      boolean repeated = run < firsts.size() && place.equals(Place.layer(firsts.get(run)));
      int times = repeated ? length(run) : 1;
      int first = repeated ? firsts.get(run) : 0;
      for (int copy = 0; copy < times; copy++) {
        Place copied = repeated ? Place.layer(first + copy) : place;
        int by = all.size() - from;
        for (int i = from; i < to; i++) {
          all.add(within(operations.get(i), from).later(by, copied));
        }
      }
      run += repeated ? 1 : 0;
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
