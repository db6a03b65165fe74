package dev.helix.ffn.helix;

import dev.helix.ffn.FfnShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;

/**
 * Says which columns of a dense FFN each rank has. The ranks that form the grid KVP × TPA in
 * attention have TPF = N equal parts of the intermediate size here (Helix Parallelism §2.2).
 *
 * @param shape the unsharded FFN
 * @param layout the ranks
 */
public record FfnSharding(FfnShape shape, Layout layout) {
  /**
   * Checks that the layout divides the FFN.
   *
   * @throws InvalidInputException naming the rule that the layout breaks
   */
  public FfnSharding {
    if (layout.tpf() != layout.ranks()) {
      throw new InvalidInputException(
          "TPF (%d) of a dense FFN must be all KVP × TPA ranks (%d): it has no experts to place"
              .formatted(layout.tpf(), layout.ranks()));
    }
    if (shape.intermediate() % layout.tpf() != 0) {
      throw new InvalidInputException(
          "TPF (%d) must divide the model's FFN intermediate size (%d)"
              .formatted(layout.tpf(), shape.intermediate()));
    }
  }

  /** Number of columns of gate and up, and of rows of down, on each rank: F/TPF. */
  public int localColumns() {
    return shape.intermediate() / layout.tpf();
  }

  /** The first column that a rank has. */
  public int firstColumn(int rank) {
    return layout.tpfIndex(rank) * localColumns();
  }
}
