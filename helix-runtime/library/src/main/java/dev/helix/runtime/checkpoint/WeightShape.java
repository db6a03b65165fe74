package dev.helix.runtime.checkpoint;

import java.util.Arrays;
import java.util.List;

/** The name of a weight that a model needs, and its sizes from the outermost axis on. */
record WeightShape(String name, List<Long> sizes) {
  WeightShape {
    sizes = List.copyOf(sizes);
  }

  static WeightShape of(String name, long... sizes) {
    return new WeightShape(name, Arrays.stream(sizes).boxed().toList());
  }
}
