package dev.helix.runtime.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.runtime.strategy.PlacementRule.Kind;
import dev.helix.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

final class PlacementRuleTest {
  @Test
  void roundRobinDealsItsRunsWhateverTheRequestsLength() {
    PlacementRule rule = PlacementRule.roundRobin(5);
    assertEquals(new RoundRobinPlacement(3, 5), rule.place(3, 10));
    assertEquals(new RoundRobinPlacement(4, 5), rule.place(4, 999));
  }

  @Test
  void contiguousDividesTheCapacityOfEachRequest() {
    PlacementRule rule = PlacementRule.contiguous();
    assertEquals(new ContiguousPlacement(3, 10), rule.place(3, 10));
    assertEquals(new ContiguousPlacement(4, 999), rule.place(4, 999));
  }

  @Test
  void thePaperDealsRunsOfSixteen() {
    assertEquals(16, PlacementRule.PAPER_RUN_LENGTH);
  }

  @Test
  void kindsAreWrittenAsTheCommandLineWritesThem() {
    assertEquals("round-robin", Kind.ROUND_ROBIN.toString());
    assertEquals("contiguous", Kind.CONTIGUOUS.toString());
  }

  @Test
  void aRunHasAtLeastOneToken() {
    Exception refusal =
        assertThrows(InvalidInputException.class, () -> PlacementRule.roundRobin(0));
    assertEquals("run length must be at least 1, got 0", refusal.getMessage());
  }
}
