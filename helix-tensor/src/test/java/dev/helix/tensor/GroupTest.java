package dev.helix.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GroupTest {
  @Test
  void theIndexOfAMemberIsItsPlaceInTheOrderGivenNotItsRank() {
    Group group = new Group("kvp[1]", List.of(300, 7, 200));
    assertEquals(3, group.size());
    for (int index = 0; index < group.size(); index++) {
      assertEquals(index, group.indexOf(group.ranks().get(index)));
    }
  }

  @Test
  void aRankThatIsNoMemberIsRefusedWithTheGroup() {
    Group group = new Group("kvp[1]", List.of(4, 5));
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> group.indexOf(0));
    assertEquals("rank 0 is no member of group kvp[1][4, 5]", refusal.getMessage());
  }

  @Test
  void aGroupNeedsAMember() {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> new Group("all", List.of()));
    assertTrue(refusal.getMessage().contains("group all has no ranks"), refusal.getMessage());
  }

  @Test
  void aMemberCountsOnce() {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> new Group("all", List.of(0, 1, 0)));
    assertTrue(refusal.getMessage().contains("names a rank twice"), refusal.getMessage());
  }

  @Test
  void laterChangesToTheListOfRanksDoNotReachTheGroup() {
    List<Integer> ranks = new ArrayList<>(List.of(0, 1));
    Group group = new Group("all", ranks);
    ranks.add(2);
    assertEquals(new Group("all", List.of(0, 1)), group);
  }
}
