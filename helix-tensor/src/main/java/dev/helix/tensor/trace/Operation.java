package dev.helix.tensor.trace;

import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import dev.helix.tensor.program.Place;
import java.util.List;

/** One entry of a trace: something that occupies a stream of the GPU. */
public sealed interface Operation permits Launch, Transfer {
  /** Position in its rank's trace, from 0. Ranks run one program, so it is the same on all. */
  int index();

  /** The operation of the vocabulary: {@code "flashDecode"}, {@code "allToAll"}. */
  String name();

  /** What the program has stated about it. */
  Stated stated();

  /** Where in the program. */
  default Place place() {
    return stated().place();
  }

  /** What its time is reported under. */
  default Phase phase() {
    return stated().purpose().phase();
  }

  /** Which of the launches this is into which HOP-B has split the operation. */
  default Piece piece() {
    return stated().purpose().piece();
  }

  /** Indices of earlier operations of the rank whose results it needs; ascending. */
  List<Integer> after();

  /**
   * The same operation and what it waits for, moved {@code by} operations later in the program: it
   * belongs to an identical layer behind.
   *
   * @param newPlace where it then is
   */
  Operation later(int by, Place newPlace);

  /**
   * An entry's dependencies, checked; for the entries' constructors.
   *
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

  /** Dependencies that many operations later. */
  static List<Integer> later(List<Integer> after, int by) {
    Integer[] moved = new Integer[after.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = after.get(i) + by;
    }
    return List.of(moved);
  }

  /** The deployed bytes of several tensors. */
  static long bytes(List<Spec> specs) {
    return specs.stream().mapToLong(Spec::bytes).reduce(0, Math::addExact);
  }
}
