package dev.helix.laws.merge.cases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.laws.tokens.Needle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The cases of a needle are all there, and are made again of their seeds alone. */
class NeedleStatesTest {
  @Test
  void casesHaveEveryNeedleAndAreDrawnAgainFromTheirSeeds() {
    List<Needle> tried = new ArrayList<>();
    for (MergeCase given : MergeCases.of(1, 0)) {
      if (given.hard().contains(HardCase.NEEDLE)) {
        NeedleStates again = NeedleStates.of(given);
        tried.add(again.tokens().needle());
        assertArrayEquals(given.lses(), again.states().lses());
        assertArrayEquals(given.outputs(), again.states().outputs());
      }
    }
    assertEquals(Needle.all(), tried);
    assertEquals(12, Set.copyOf(tried).size());
  }
}
