package dev.helix.tensor.trace;

import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TransferKind;
import java.util.List;

/**
 * One exchange on the network stream, from the view of one rank that takes part.
 *
 * @param kind the exchange of the vocabulary
 * @param stated the place and the purpose that the program gave to it
 * @param contribution the ranks that take part, and what this rank brings
 */
public record Transfer(
    int index, TransferKind kind, Stated stated, Contribution contribution, List<Integer> after)
    implements Operation {
  public Transfer {
    after = Operation.earlier(index, kind.operation(), after);
  }

  /**
   * The part that one rank has in an exchange.
   *
   * @param group the ranks that exchange, this rank included
   * @param operands the whole tensors that this rank brings. An all-to-all cuts them into blocks, a
   *     gather takes them as the rank's part, and a reduction as its term
   * @param peers how many of the others take something from this rank, and bring something to it
   */
  public record Contribution(Group group, List<Spec> operands, Peers peers) {
    public Contribution {
      operands = List.copyOf(operands);
    }

    /** The part of a rank in an exchange of everyone with everyone. */
    public Contribution(Group group, List<Spec> operands) {
      this(group, operands, new Peers(group.size() - 1, group.size() - 1));
    }

    /** The same part with other tensors. */
    public Contribution with(List<Spec> others) {
      return new Contribution(group, others, peers);
    }
  }

  /**
   * The other members of a group with which a rank exchanges.
   *
   * @param sendsTo number of members to which the rank sends
   * @param receivesFrom number of members from which it receives
   */
  public record Peers(int sendsTo, int receivesFrom) {}

  @Override
  public Object content() {
    return contribution;
  }

  @Override
  public String name() {
    return kind.operation();
  }

  @Override
  public Transfer later(int by, Place newPlace) {
    return new Transfer(
        index + by, kind, stated.at(newPlace), contribution, Operation.later(after, by));
  }

  /** The ranks that exchange. */
  public Group group() {
    return contribution.group();
  }

  /** How many of the others take something from this rank, and bring something to it. */
  public Peers peers() {
    return contribution.peers();
  }

  /** The tensors that this rank brings. */
  public List<Spec> operands() {
    return contribution.operands();
  }

  /** The bytes of the operands in their deployed formats. */
  public long operandBytes() {
    return Operation.bytes(operands());
  }
}
