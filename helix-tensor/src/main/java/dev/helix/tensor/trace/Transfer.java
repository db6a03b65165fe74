package dev.helix.tensor.trace;

import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TransferKind;
import java.util.List;

/**
 * One exchange on the network stream, as one rank takes part in it.
 *
 * @param kind which exchange of the vocabulary
 * @param stated where and for what the program exchanges
 * @param load with whom, and what this rank brings
 */
public record Transfer(int index, TransferKind kind, Stated stated, Load load, List<Integer> after)
    implements Operation {
  public Transfer {
    after = Operation.earlier(index, kind.operation(), after);
  }

  /**
   * What one rank brings to an exchange.
   *
   * @param group the ranks that exchange, this rank included
   * @param operands the tensors that this rank brings, whole: of an all-to-all what is cut into
   *     blocks, of a gather the rank's own part, of a reduction its term
   */
  public record Load(Group group, List<Spec> operands) {
    public Load {
      operands = List.copyOf(operands);
    }
  }

  @Override
  public String name() {
    return kind.operation();
  }

  @Override
  public Transfer later(int by, Place newPlace) {
    return new Transfer(index + by, kind, stated.at(newPlace), load, Operation.later(after, by));
  }

  /** The ranks that exchange. */
  public Group group() {
    return load.group();
  }

  /** What this rank brings. */
  public List<Spec> operands() {
    return load.operands();
  }

  /** Deployed bytes of the operands. */
  public long operandBytes() {
    return Operation.bytes(operands());
  }
}
