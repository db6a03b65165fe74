package dev.helix.attention.helix;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * The exchange between the ranks of a KVP group (Helix Parallelism §2.1, Fig. 4). Each rank has one
 * part of the sequence for many heads, and receives all parts for its own heads. Outputs and LSEs
 * travel in one launch.
 */
final class HeadExchange<T extends Tensor> {
  private final Collectives<T> collectives;
  private final Group kvpGroup;

  HeadExchange(Collectives<T> collectives, Group kvpGroup) {
    this.collectives = collectives;
    this.kvpGroup = kvpGroup;
  }

  /**
   * Exchanges partial states with one all-to-all over query heads.
   *
   * @param partial this rank's part of the sequence, {@code [batch, heads=Q/TPA, ..]}
   * @return all parts of the heads that this rank owns, {@code [shards=KVP, batch, heads=Q/N, ..]}
   */
  PartialAttention<T> allToAll(Piece piece, PartialAttention<T> partial) {
    partial.requirePart("allToAll");
    List<T> received =
        collectives.allToAll(
            Phase.ALL_TO_ALL.of(piece),
            kvpGroup,
            Axis.HEADS,
            List.of(partial.output(), partial.lse()));
    return new PartialAttention<>(received.get(0), received.get(1)).requireStack("allToAll");
  }
}
