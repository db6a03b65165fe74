package dev.helix.laws.readings;

import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementKind;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.placement.TokenPlacement;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** This project's own placements as adapters; no reading changes them. */
public final class BuiltInPlacements {
  private BuiltInPlacements() {}

  /** Both placements, by name. */
  public static Map<String, PlacementUnderTest> all() {
    Map<String, PlacementUnderTest> placements = new LinkedHashMap<>();
    placements.put("round robin", roundRobin());
    placements.put("contiguous", contiguous());
    return placements;
  }

  /** Round robin in runs, which also fills virtual pages if a page holds a whole number of runs. */
  public static PlacementUnderTest roundRobin() {
    return new Adapter(EnumSet.of(PlacementKind.ROUND_ROBIN, PlacementKind.VIRTUAL_PAGES));
  }

  /** One contiguous part for each shard. */
  public static PlacementUnderTest contiguous() {
    return new Adapter(EnumSet.of(PlacementKind.CONTIGUOUS));
  }

  private record Adapter(Set<PlacementKind> rules) implements PlacementUnderTest {
    @Override
    public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
      return TokenPlacement.of(placement(rule));
    }

    private static KvPlacement placement(PlacementRule rule) {
      if (rule instanceof PlacementRule.RoundRobin turns) {
        return new RoundRobinPlacement(turns.shards(), turns.runLength());
      }
      if (rule instanceof PlacementRule.VirtualPages pages) {
        return new RoundRobinPlacement(pages.shards(), pages.runLength());
      }
      if (rule instanceof PlacementRule.Contiguous parts) {
        return new ContiguousPlacement(parts.shards(), parts.capacity());
      }
      throw new IllegalArgumentException("no placement of this project goes by " + rule);
    }
  }
}
