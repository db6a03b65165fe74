package dev.helix.runtime.checkpoint.weights;

import java.util.Arrays;
import java.util.List;

/** The name of a weight that a model needs, and its sizes from the outermost axis on. */
public record WeightShape(String name, List<Long> sizes) {
  public WeightShape {
    sizes = List.copyOf(sizes);
  }

  /** A weight with these sizes. */
  public static WeightShape of(String name, long... sizes) {
    return new WeightShape(name, Arrays.stream(sizes).boxed().toList());
  }
}
