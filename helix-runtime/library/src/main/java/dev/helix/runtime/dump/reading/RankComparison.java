package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.InvalidInputException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that all ranks have the same tensors, of shapes that agree. */
final class RankComparison {
  private RankComparison() {}

  /**
   * Checks the tensors that state a rank.
   *
   * @throws InvalidInputException naming the rank and the tensor
   */
  static void require(List<DumpTensor> tensors, int ranks) {
    Map<Coordinates, Map<Role, DumpTensor>> ofRank = new HashMap<>();
    for (DumpTensor tensor : tensors) {
      ofRank
          .computeIfAbsent(tensor.of(), of -> new EnumMap<>(Role.class))
          .put(tensor.role(), tensor);
    }
    Set<Object> done = new HashSet<>();
    for (DumpTensor tensor : tensors) {
      if (tensor.of().rank().isEmpty()
          || !done.add(List.of(tensor.role(), tensor.of().atRank(0)))) {
        continue;
      }
      for (int rank = 0; rank < ranks; rank++) {
        Coordinates of = tensor.of().atRank(rank);
        DumpTensor other = ofRank.getOrDefault(of, Map.of()).get(tensor.role());
        if (other == null) {
          throw new InvalidInputException(
              "dump: %s: expected a %s, as %s has in %s, got none"
                  .formatted(of, tensor.role(), tensor.of(), tensor.data().file()));
        }
        requireSame(tensor, other);
      }
    }
  }

  private static void requireSame(DumpTensor first, DumpTensor other) {
    boolean same = first.axes().equals(other.axes());
    for (int i = 0; same && i < first.axes().size(); i++) {
      same = differs(first.axes().get(i)) || first.data().size(i) == other.data().size(i);
    }
    if (!same) {
      throw new InvalidInputException(
          "%s: %s: shape: expected %s %s, as in %s, got %s %s"
              .formatted(
                  other.data().described(),
                  other.role(),
                  first.axes(),
                  first.data().shape(),
                  first.data().file(),
                  other.axes(),
                  other.data().shape()));
    }
  }

  /** Whether the size of an axis is a rank's own. */
  private static boolean differs(DumpAxis axis) {
    return axis == DumpAxis.PAGES || axis == DumpAxis.TOKENS || axis == DumpAxis.ENTRIES;
  }
}
