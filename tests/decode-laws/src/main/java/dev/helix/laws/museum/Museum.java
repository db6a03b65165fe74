package dev.helix.laws.museum;

import dev.helix.laws.UnderTest;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.ExactDecodeUnderTest;
import dev.helix.laws.strategy.ExactStrategyUnderTest;
import dev.helix.laws.strategy.StrategyUnderTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All exhibits, in the order of the pipeline from the merge outwards. */
public final class Museum {
  private Museum() {}

  /** All exhibits, with faulty variants that nobody else uses. */
  public static List<Exhibit> exhibits() {
    List<Exhibit> exhibits = new ArrayList<>(MergeExhibits.all());
    exhibits.addAll(AttentionExhibits.all());
    exhibits.addAll(PlacementExhibits.all());
    exhibits.addAll(CacheExhibits.all());
    exhibits.addAll(RoutingExhibits.all());
    exhibits.addAll(HeadExhibits.all());
    exhibits.addAll(DecodeExhibits.all());
    exhibits.addAll(StrategyExhibits.all());
    return List.copyOf(exhibits);
  }

  /**
   * The implementations without a fault of which the exhibits are variants, by name. The merges
   * without a fault are not among them, but are the built-in ones.
   */
  public static Map<String, UnderTest> originals() {
    Map<String, UnderTest> originals = new LinkedHashMap<>();
    originals.put("attention", PlainAttention.adapter(new PlainAttention()));
    originals.put("placement", new PlainPlacement());
    originals.put("cache", new PlainCache());
    originals.put("routing", new PlainRouting());
    originals.put("head", new PlainHead());
    originals.put("decode", new DecodeUnderTest() {});
    originals.put("exact decode", new ExactDecodeUnderTest() {});
    originals.put("strategies", new StrategyUnderTest() {});
    originals.put("exact strategies", new ExactStrategyUnderTest() {});
    return originals;
  }
}
