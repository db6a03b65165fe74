package dev.helix.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.laws.LawViolation;
import dev.helix.laws.placement.TokenPlacement;
import java.util.Collections;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The law of the placement sees what cancels out in a sum over the shards. */
class PlacementCheckTest {
  private static final KvPlacement RIGHT = new RoundRobinPlacement(3, 2);

  @Test
  void thePlacementAsItIsKeepsTheLaw() {
    hold(TokenPlacement.of(RIGHT));
  }

  @Test
  void theLocalLengthOfTheNextShardIsFoundOutThoughTheSumIsRight() {
    TokenPlacement faulty =
        new Forwarding() {
          @Override
          public int localLength(int shard, int tokens) {
            return RIGHT.localLength((shard + 1) % RIGHT.shards(), tokens);
          }
        };
    assertEquals(
        "shard 0 owns 1 of the first 1 tokens, its local length is 0",
        assertThrows(LawViolation.class, () -> hold(faulty)).getMessage());
  }

  @Test
  void slotsThatTwoPositionsShareAreFoundOut() {
    TokenPlacement faulty =
        new Forwarding() {
          @Override
          public int slot(int position) {
            return RIGHT.slot(position) / 2 * 2;
          }
        };
    assertEquals(
        "position 1 has no place of its own",
        assertThrows(LawViolation.class, () -> hold(faulty)).getMessage());
  }

  private static void hold(TokenPlacement believed) {
    new PlacementCheck(Collections.nCopies(RIGHT.shards(), believed), new Throwing()).hold(13);
  }

  private static class Forwarding implements TokenPlacement {
    @Override
    public int owner(int position) {
      return RIGHT.owner(position);
    }

    @Override
    public int slot(int position) {
      return RIGHT.slot(position);
    }

    @Override
    public int position(int shard, int slot) {
      return RIGHT.position(shard, slot);
    }

    @Override
    public int localLength(int shard, int tokens) {
      return RIGHT.localLength(shard, tokens);
    }
  }

  private static final class Throwing implements Demands {
    @Override
    public void within(
        String claim, Supplier<String> where, double expected, double got, double bound) {
      throw new AssertionError("the placement has no numbers to round");
    }

    @Override
    public void require(boolean holds, Supplier<String> what) {
      if (!holds) {
        throw new LawViolation(what.get());
      }
    }

    @Override
    public void same(boolean same, double[] expected, double[] got, Supplier<String> what) {
      require(same, what);
    }
  }
}
