package dev.helix.ffn.helix;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.MoeShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;

/**
 * Says which experts each rank has, and which of their columns. The ranks that form the grid KVP ×
 * TPA in attention form the grid TPF × EP here (Helix Parallelism §2.2). Expert group e has the
 * experts [e·E/EP, (e+1)·E/EP), and its member t has the columns [t·F/TPF, (t+1)·F/TPF) of each.
 * The paper does not mention a shared expert. Here it is split over all N ranks.
 *
 * @param shape the unsharded mixture
 * @param layout the ranks
 */
public record MoeSharding(MoeShape shape, Layout layout) {
  /**
   * Checks that the layout divides the mixture.
   *
   * @throws InvalidInputException naming the rule that the layout breaks
   */
  public MoeSharding {
    if (shape.experts() % layout.ep() != 0) {
      throw new InvalidInputException(
          "EP (%d) must divide the model's experts (%d)".formatted(layout.ep(), shape.experts()));
    }
    if (shape.intermediate() % layout.tpf() != 0) {
      throw new InvalidInputException(
          "TPF (%d) must divide the model's expert intermediate size (%d)"
              .formatted(layout.tpf(), shape.intermediate()));
    }
    if (shape.sharedIntermediate() % layout.ranks() != 0) {
      throw new InvalidInputException(
          "TPF × EP (%d × %d = %d) must divide the model's shared expert intermediate size (%d)"
              .formatted(layout.tpf(), layout.ep(), layout.ranks(), shape.sharedIntermediate()));
    }
  }

  /** Number of experts of a rank's group: E/EP. */
  public int localExperts() {
    return shape.experts() / layout.ep();
  }

  /** The first expert of a rank's group. */
  public int firstExpert(int rank) {
    return layout.epIndex(rank) * localExperts();
  }

  /** The experts of a rank's group. */
  public ExpertRange experts(int rank) {
    return new ExpertRange(firstExpert(rank), localExperts());
  }

  /** Number of columns that a rank has of each of its experts: F/TPF. */
  public int localColumns() {
    return shape.intermediate() / layout.tpf();
  }

  /** The first column that a rank has of each of its experts. */
  public int firstColumn(int rank) {
    return layout.tpfIndex(rank) * localColumns();
  }

  /** The shared expert's columns, over all ranks. */
  public FfnSharding shared() {
    return new FfnSharding(
        shape.shared(), Layout.dense(layout.kvp(), layout.tpa()).on(layout.members()));
  }
}
