package dev.helix.tensor.trace;

import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Place;
import java.util.List;

/** One entry of a trace: a launch or a transfer, which occupies a stream of the GPU. */
public sealed interface Operation permits Launch, Transfer {
  /** Position in its rank's trace, from 0. All ranks run one program, so it is the same on all. */
  int index();

  /** The name of the operation in the vocabulary: {@code "flashDecode"}, {@code "allToAll"}. */
  String name();

  /** The place and the purpose that the program gave to it. */
  Stated stated();

  /** The part of the program that it belongs to. */
  default Place place() {
    return stated().place();
  }

  /** The phase under which its time is reported. */
  default Phase phase() {
    return stated().purpose().phase();
  }

  /** The piece that it is if HOP-B has split the operation. */
  default Piece piece() {
    return stated().purpose().piece();
  }

  /**
   * What it does apart from where it stands: the work of a launch, or the contribution to a
   * transfer. It is one object for all layers that {@link #later} has made of one.
   */
  Object content();

  /** The indices of the earlier operations of the rank whose results it needs, ascending. */
  List<Integer> after();

  /**
   * The same operation in an identical later layer: its index and its dependencies are {@code by}
   * higher.
   *
   * @param newPlace the place that it then has
   */
  Operation later(int by, Place newPlace);

  /**
   * Checks an entry's dependencies, for the entries' constructors.
   *
   * @return {@code after}
   * @throws IllegalArgumentException naming the operation if it waits for itself or a later one
   */
  static List<Integer> earlier(int index, String name, List<Integer> after) {
    boolean ascending = true;
    int previous = -1;
    for (int earlier : after) {
      if (earlier < 0 || earlier >= index) {
        throw new IllegalArgumentException(
            "%s (operation %d) waits for operation %d, expected one of 0 to %d"
                .formatted(name, index, earlier, index - 1));
      }
      ascending &= earlier > previous;
      previous = earlier;
    }
    return ascending ? List.copyOf(after) : after.stream().distinct().sorted().toList();
  }

  /**
   * The dependencies of the same operation in an identical layer that is {@code by} operations
   * later.
   */
  static List<Integer> later(List<Integer> after, int by) {
    Integer[] moved = new Integer[after.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = after.get(i) + by;
    }
    return List.of(moved);
  }

  /** The bytes of several tensors in their deployed formats. */
  static long bytes(List<Spec> specs) {
    return specs.stream().mapToLong(Spec::bytes).reduce(0, Math::addExact);
  }
}
