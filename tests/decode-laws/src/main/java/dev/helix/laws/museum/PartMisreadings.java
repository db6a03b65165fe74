package dev.helix.laws.museum;

import dev.helix.laws.KnownFaults;
import dev.helix.laws.UnderTest;
import dev.helix.laws.cache.CacheRow;
import dev.helix.laws.head.HeadInput;
import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Misreadings to which any new placement, cache, router or head is prone. No system is known to
 * have shipped them. Wrong answers are compared with these as they are with the exhibits.
 */
public final class PartMisreadings implements KnownFaults {
  @Override
  public List<KnownFault> all() {
    return List.of(
        known("tokens are dealt one by one, not in runs", new Singly()),
        known("owners are counted from the last shard", new FromTheLast()),
        known("a request that comes again begins with the length of the former", new OldLength()),
        known("padding is written into the first slot of the cache", new PaddingFirst()),
        known("each token also sees the one behind it", new SeesTheNext()),
        known("of equal experts the last is chosen", new LastExpert()),
        known("groups are ranked by their best expert alone", new BestAlone()),
        known("experts of dropped groups are marked by 0", new DroppedZero()),
        known("weights are those of biased scores", new BiasedWeights()),
        known("the scale of the weights is left out", new NoScale()),
        known("of equal words the last is chosen", new LastWord()),
        known("the chosen word is its number among those of its rank", new LocalWord()));
  }

  private static KnownFault known(String what, UnderTest variant) {
    return new KnownFault('"' + what + '"', variant);
  }

  private static final class Singly extends PlainPlacement {
    private static PlacementRule singly(PlacementRule rule) {
      return rule instanceof PlacementRule.RoundRobin turns
          ? new PlacementRule.RoundRobin(turns.shards(), 1, turns.phase() % turns.shards())
          : rule;
    }

    @Override
    int owner(PlacementRule rule, PlacedRequest request, int position) {
      return super.owner(singly(rule), request, position);
    }

    @Override
    int localLength(PlacementRule rule, PlacedRequest request, int shard, int tokens) {
      return super.localLength(singly(rule), request, shard, tokens);
    }
  }

  private static final class FromTheLast extends PlainPlacement {
    @Override
    int owner(PlacementRule rule, PlacedRequest request, int position) {
      return rule.shards() - 1 - super.owner(rule, request, position);
    }

    @Override
    int localLength(PlacementRule rule, PlacedRequest request, int shard, int tokens) {
      return super.localLength(rule, request, rule.shards() - 1 - shard, tokens);
    }
  }

  private static final class OldLength extends PlainCache {
    @Override
    int lengthAtOpening(int former) {
      return former;
    }
  }

  private static final class PaddingFirst extends PlainCache {
    @Override
    int[] slotsOfPadding() {
      return new int[] {0};
    }
  }

  private static final class SeesTheNext extends PlainCache {
    @Override
    int seen(int length, int row, List<CacheRow> rows) {
      boolean last =
          row + 1 == rows.size() || rows.get(row + 1).request() != rows.get(row).request();
      return last ? length : length + 1;
    }
  }

  private static final class LastExpert extends PlainRouting {
    @Override
    int[] best(double[] values, int count) {
      return IntStream.range(0, values.length)
          .map(i -> values.length - 1 - i)
          .boxed()
          .sorted((a, b) -> Double.compare(values[b] + 0.0, values[a] + 0.0))
          .limit(count)
          .mapToInt(i -> i)
          .toArray();
    }
  }

  private static final class BestAlone extends PlainRouting {
    @Override
    int counted(GroupScore score, int size) {
      return 1;
    }
  }

  private static final class DroppedZero extends PlainRouting {
    @Override
    double dropped() {
      return 0;
    }
  }

  private static final class BiasedWeights extends PlainRouting {
    @Override
    double gate(int expert, double[] scores, RoutingInput input) {
      return scores[expert] + input.bias()[expert];
    }
  }

  private static final class NoScale extends PlainRouting {
    @Override
    double scaled(RoutingRule rule, double weight) {
      return weight;
    }
  }

  private static final class LastWord extends PlainHead {
    @Override
    int chosen(double[] gathered, HeadInput input) {
      int greatest = 0;
      for (int word = 1; word < input.vocabulary(); word++) {
        greatest = gathered[word] >= gathered[greatest] ? word : greatest;
      }
      return greatest;
    }
  }

  private static final class LocalWord extends PlainHead {
    @Override
    int chosen(double[] gathered, HeadInput input) {
      return super.chosen(gathered, input) % input.share();
    }
  }
}
