package dev.helix.tensor.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.HeldState.PartialSum;
import dev.helix.tensor.mesh.HeldState.Replicated;
import dev.helix.tensor.mesh.HeldState.SplitByBatch;
import dev.helix.tensor.mesh.HeldState.SplitBySequence;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When what one part of a model leaves is what the next part needs. */
class HeldStateTest {
  private static final Group ALL = new Group("all", List.of(0, 1, 2));
  private static final Group FFN = new Group("ffn", List.of(0, 1, 2));
  private static final Group PAIR = new Group("pair", List.of(0, 1));
  private static final Group TURNED = new Group("turned", List.of(1, 0, 2));
  private static final Group ONE = new Group("one", List.of(1));

  @Test
  void aStateFitsWhereItIsHeldInTheSameWayWhateverTheGroupsName() {
    assertTrue(new Replicated(ALL).fits(new Replicated(FFN)));
    assertTrue(new SplitByBatch(ALL).fits(new SplitByBatch(FFN)));
    assertTrue(new SplitBySequence(ALL).fits(new SplitBySequence(FFN)));
    assertTrue(new PartialSum(ALL).fits(new PartialSum(FFN)));
  }

  @Test
  void noOtherWayFitsOnSeveralRanks() {
    List<HeldState> ways =
        List.of(
            new Replicated(ALL),
            new SplitByBatch(ALL),
            new SplitBySequence(ALL),
            new PartialSum(ALL));
    for (HeldState left : ways) {
      for (HeldState needed : ways) {
        assertEquals(left == needed, left.fits(needed), left + " for " + needed);
      }
    }
  }

  @Test
  void aReplicatedStateFitsFewerRanksAndNotMore() {
    assertTrue(new Replicated(ALL).fits(new Replicated(PAIR)));
    assertTrue(new Replicated(ALL).fits(new PartialSum(ONE)));
    assertFalse(new Replicated(PAIR).fits(new Replicated(ALL)));
    assertFalse(new SplitByBatch(ALL).fits(new SplitByBatch(PAIR)));
  }

  /** Member i has run i: another order of the members is another state. */
  @Test
  void theOrderOfTheMembersCountsWhereTheStateIsSplit() {
    assertTrue(new Replicated(ALL).fits(new Replicated(TURNED)));
    assertFalse(new SplitByBatch(ALL).fits(new SplitByBatch(TURNED)));
  }

  @Test
  void oneRankHasTheWholeInEveryWay() {
    assertTrue(new PartialSum(ONE).fits(new SplitByBatch(ONE)));
    assertFalse(new PartialSum(ONE).fits(new Replicated(PAIR)));
    assertFalse(new PartialSum(PAIR).fits(new Replicated(ONE)));
  }

  @Test
  void theMessageNamesBothPartsAndBothWays() {
    HeldState left = new PartialSum(ALL);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> left.requireFits("attention", "the next layer", new Replicated(ALL)));
    assertEquals(
        "attention leaves the hidden state a partial sum over all[0, 1, 2], but the next layer"
            + " needs it replicated on all[0, 1, 2]: an exchange is missing between them",
        refused.getMessage());
    left.requireFits("attention", "the next layer", left);
  }

  @Test
  void ownersOfSeveralRanksHaveCopiesOfTheirOwnShareAlone() {
    HeldState pairs = new SplitByBatch(List.of(PAIR, new Group("others", List.of(2, 3))));
    assertEquals(List.of(0, 1, 2, 3), pairs.group().ranks());
    assertEquals(List.of(2, 3), pairs.copies(3).ranks());
    assertEquals(List.of(4), pairs.copies(4).ranks());
    assertFalse(pairs.fits(new SplitByBatch(pairs.group())));
    assertEquals(List.of(1), new SplitByBatch(ALL).copies(1).ranks());
    assertEquals(List.of(0, 1, 2), new Replicated(ALL).copies(1).ranks());
    assertEquals(List.of(7), new Replicated(ALL).copies(7).ranks());
    assertEquals(List.of(1), new PartialSum(ALL).copies(1).ranks());
    assertThrows(IllegalArgumentException.class, () -> new SplitByBatch(List.of(PAIR, TURNED)));
  }
}
