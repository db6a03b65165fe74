package dev.helix.attention.helix;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import java.util.List;
import java.util.Optional;

/**
 * The exchange between the ranks of a KVP group (Helix Parallelism §2.1, Fig. 4). Each rank has one
 * part of the sequence for many heads, and receives all parts for its own heads. Outputs and LSEs
 * travel in one launch.
 */
final class HeadExchange<T extends Tensor> {
  private final Collectives<T> collectives;
  private final Group kvpGroup;
  private final int owners;

  /**
   * Creates the exchange of one group.
   *
   * @param owners how many ranks of the group, counted from the first, own heads
   */
  HeadExchange(Collectives<T> collectives, Group kvpGroup, int owners) {
    this.collectives = collectives;
    this.kvpGroup = kvpGroup;
    this.owners = owners;
  }

  /**
   * Exchanges partial states. This is one all-to-all over query heads or, if only some ranks own
   * heads, a gather onto these ranks.
   *
   * @param partial this rank's part of the sequence, {@code [batch, heads=Q/TPA, ..]}
   * @return all parts of the heads that this rank owns, {@code [shards=KVP, batch, heads, ..]};
   *     empty on a rank that owns none
   */
  Optional<PartialAttention<T>> exchange(Piece piece, PartialAttention<T> partial) {
    partial.requirePart("allToAll");
    Phase phase = Phase.ALL_TO_ALL;
    List<T> states = List.of(partial.output(), partial.lse());
    List<T> received =
        owners == kvpGroup.size()
            ? collectives.allToAll(phase.of(piece), kvpGroup, Axis.HEADS, states)
            : collectives.gatherBlocks(phase.of(piece), kvpGroup, owners, Axis.HEADS, states);
    return received.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PartialAttention<>(received.get(0), received.get(1)).requireStack("allToAll"));
  }
}
