package dev.helix.tensor.trace;

import dev.helix.tensor.Spec;
import java.util.List;

/**
 * One collective on the network stream, as one rank takes part in it.
 *
 * @param kind what is exchanged with whom
 * @param groupSize members of the group, this rank included
 * @param operands the tensors that this rank brings, whole: of an all-to-all what is cut into
 *     blocks, of a gather the rank's own part, of a reduction its term
 */
public record Transfer(
    int index,
    String name,
    String place,
    Phase phase,
    Kind kind,
    int groupSize,
    List<Spec> operands,
    List<Integer> after)
    implements Operation {
  public Transfer {
    operands = List.copyOf(operands);
    after = Operation.earlier(index, name, after);
    if (groupSize < 1) {
      throw new IllegalArgumentException(
          "%s in a group of %d, expected at least 1".formatted(name, groupSize));
    }
  }

  /** The collectives of {@link dev.helix.tensor.Collectives}. */
  public enum Kind {
    ALL_TO_ALL,
    ALL_REDUCE,
    ALL_GATHER,
    REDUCE_SCATTER,
    BROADCAST
  }

  @Override
  public Transfer later(int by, String newPlace) {
    return new Transfer(
        index + by, name, newPlace, phase, kind, groupSize, operands, Operation.later(after, by));
  }

  /** Deployed bytes of the operands. */
  public long operandBytes() {
    return Operation.bytes(operands);
  }
}
