package dev.helix.laws.placement;

import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import java.util.Set;

/** An adapter around a placement: which shard keeps which token, and where. */
public interface PlacementUnderTest extends UnderTest {
  /** A slot of a rank that does not keep the token. */
  int ELSEWHERE = -1;

  /** The rules that the placement implements. Cases use no others. */
  Set<PlacementKind> rules();

  /**
   * The placement of a request's tokens as one rank computes it.
   *
   * @param rank from 0 to N − 1; it keeps the shard of its number
   */
  TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank);

  /**
   * The slots into which a rank writes the new tokens of a step: for each row its place among the
   * rank's tokens of the row's request, or {@link #ELSEWHERE} if another rank owns the token. An
   * implementation that computes the slots of a whole step at once should override this, so that
   * they are tested.
   */
  default int[] slots(PlacementRule rule, PlacementStep step, int rank) {
    int[] slots = new int[step.rows()];
    int row = 0;
    for (int request = 0; request < step.requests().size(); request++) {
      TokenPlacement placed = placed(rule, step.requests().get(request), rank);
      for (int i = 0; i < step.brought(request); i++) {
        int position = step.cached(request) + i;
        slots[row++] = placed.owner(position) == rank ? placed.slot(position) : ELSEWHERE;
      }
    }
    return slots;
  }

  @Override
  default Seam seam() {
    return Seam.PLACEMENT;
  }

  @Override
  default SeamTrials<PlacementCase> laws() {
    return new PlacementTrials(this);
  }
}
