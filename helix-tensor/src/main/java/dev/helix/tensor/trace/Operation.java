package dev.helix.tensor.trace;

import dev.helix.tensor.Spec;
import java.util.List;

/** One entry of a trace: something that occupies a stream of the GPU. */
public sealed interface Operation permits Launch, Transfer {
  /** Position in its rank's trace, from 0. Ranks run one program, so it is the same on all. */
  int index();

  /** The operation of the vocabulary: {@code "flashDecode"}, {@code "allToAll"}. */
  String name();

  /** Where in the program: {@code "layer 3"}, {@code "head"}. */
  String place();

  /** What its time is reported under. */
  Phase phase();

  /** Indices of earlier operations of the rank whose results it needs; ascending. */
  List<Integer> after();

  /**
   * An entry's dependencies, checked; for the entries' constructors.
   *
   * @throws IllegalArgumentException naming the operation if it waits for itself or a later one
   */
  static List<Integer> earlier(int index, String name, List<Integer> after) {
    for (int earlier : after) {
      if (earlier < 0 || earlier >= index) {
        throw new IllegalArgumentException(
            "%s (operation %d) waits for operation %d, expected one of 0 to %d"
                .formatted(name, index, earlier, index - 1));
      }
    }
    return after.stream().distinct().sorted().toList();
  }

  /** The deployed bytes of several tensors. */
  static long bytes(List<Spec> specs) {
    return specs.stream().mapToLong(Spec::bytes).reduce(0, Math::addExact);
  }
}
