package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Takes apart tensors that hold those of all ranks, steps or layers along an axis. */
final class AllInOne {
  /** Parts along one axis; a dump of more ranks or layers is damaged. */
  private static final int MAX_PARTS = 100_000;

  private final OptionalInt statedRanks;

  AllInOne(OptionalInt statedRanks) {
    this.statedRanks = statedRanks;
  }

  /** The tensors, each of one rank, step and layer, or of none that is stated. */
  List<NamedTensor> apart(List<NamedTensor> tensors) {
    OptionalInt ranks = unstatedRanks(tensors);
    List<NamedTensor> apart = new ArrayList<>();
    for (NamedTensor tensor : tensors) {
      if (ranks.isPresent()
          && hasOneMoreAxis(tensor)
          && tensor.data().size(0) == ranks.getAsInt()) {
        along(tensor, 0, DumpAxis.RANKS, apart);
      } else {
        statedApart(tensor, apart);
      }
    }
    return apart;
  }

  /** The number of ranks along the first axis, if no file says its rank. */
  private OptionalInt unstatedRanks(List<NamedTensor> tensors) {
    if (tensors.stream().anyMatch(tensor -> tensor.of().rank().isPresent())) {
      return OptionalInt.empty();
    }
    if (statedRanks.isPresent()) {
      return statedRanks;
    }
    for (NamedTensor tensor : tensors) {
      boolean partial =
          tensor.role().orElseThrow() == Role.PARTIAL_OUTPUT
              || tensor.role().orElseThrow() == Role.LSE;
      if (partial && hasOneMoreAxis(tensor)) {
        return OptionalInt.of((int) Math.min(MAX_PARTS, tensor.data().size(0)));
      }
    }
    return OptionalInt.empty();
  }

  /** Whether a tensor whose axes are not stated has one more than its role in its usual order. */
  private static boolean hasOneMoreAxis(NamedTensor tensor) {
    return tensor.axes().isEmpty()
        && RoleAxes.usual(tensor.role().orElseThrow()) + 1 == tensor.data().axes();
  }

  private void statedApart(NamedTensor tensor, List<NamedTensor> into) {
    List<DumpAxis> axes = tensor.axes().orElse(List.of());
    for (DumpAxis axis : List.of(DumpAxis.RANKS, DumpAxis.STEPS, DumpAxis.LAYERS)) {
      int place = axes.indexOf(axis);
      if (place >= 0) {
        along(tensor, place, axis, into);
        return;
      }
    }
    into.add(tensor);
  }

  private void along(NamedTensor tensor, int place, DumpAxis axis, List<NamedTensor> into) {
    FileTensor data = tensor.data();
    if (data.size(place) > MAX_PARTS) {
      throw new InvalidInputException(
          "%s: shape: expected at most %d %s, got %s"
              .formatted(data.described(), MAX_PARTS, axis, data.shape()));
    }
    for (int part = 0; part < data.size(place); part++) {
      NamedTensor one = tensor.with(data.slice(place, part));
      Coordinates of = tensor.of();
      switch (axis) {
        case RANKS -> one = one.at(of.atRank(part));
        case STEPS -> one = one.at(of.atStep(part));
        default -> one = one.at(of.atLayer(part));
      }
      if (tensor.axes().isPresent()) {
        List<DumpAxis> left = new ArrayList<>(tensor.axes().get());
        left.remove(place);
        one = one.with(left);
      }
      statedApart(one, into);
    }
  }
}
