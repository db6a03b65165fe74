package dev.helix.runtime.checkpoint.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The name of a weight that a model needs, and its sizes from the outermost axis on.
 *
 * @param packed where the weight stands if there is no tensor of its own; only experts have such a
 *     place
 */
public record WeightShape(String name, List<Long> sizes, Optional<PackedExperts> packed) {
  public WeightShape {
    sizes = List.copyOf(sizes);
  }

  /** A weight with these sizes. */
  public static WeightShape of(String name, long... sizes) {
    return new WeightShape(name, Arrays.stream(sizes).boxed().toList(), Optional.empty());
  }

  /** The same weight, which may also be stored in a tensor of all experts. */
  public WeightShape orIn(PackedExperts tensor) {
    return new WeightShape(name, sizes, Optional.of(tensor));
  }
}
