package dev.helix.laws.museum;

import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementKind;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.placement.TokenPlacement;
import java.util.EnumSet;
import java.util.Set;

/** Placement by formulas, for every rule. Faulty variants override one of the formulas. */
class PlainPlacement implements PlacementUnderTest {
  @Override
  public Set<PlacementKind> rules() {
    return EnumSet.allOf(PlacementKind.class);
  }

  @Override
  public final TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
    return new TokenPlacement() {
      @Override
      public int owner(int position) {
        return PlainPlacement.this.owner(rule, request, position);
      }

      @Override
      public int slot(int position) {
        return localLength(owner(position), position);
      }

      /**
       * The position of the token in a slot of a shard: the first position up to which the shard
       * has more than {@code slot} tokens.
       */
      @Override
      public int position(int shard, int slot) {
        int least = 0;
        int most = request.tokens() - 1;
        while (least < most) {
          int middle = (least + most) >>> 1;
          boolean reached = localLength(shard, middle + 1) > slot;
          least = reached ? least : middle + 1;
          most = reached ? middle : most;
        }
        return least;
      }

      @Override
      public int localLength(int shard, int tokens) {
        return PlainPlacement.this.localLength(rule, request, shard, tokens);
      }
    };
  }

  int owner(PlacementRule rule, PlacedRequest request, int position) {
    if (rule instanceof PlacementRule.RoundRobin turns) {
      return (position + turns.phase()) / turns.runLength() % turns.shards();
    }
    if (rule instanceof PlacementRule.Contiguous parts) {
      return position / part(parts);
    }
    if (rule instanceof PlacementRule.ByCacheSlot) {
      return request.cacheSlots().get(position) % rule.shards();
    }
    if (rule instanceof PlacementRule.VirtualPages pages) {
      return position / pages.runLength() % pages.shards();
    }
    if (rule instanceof PlacementRule.Restarted turns) {
      int counted = position;
      if (turns.bySteps() && position >= request.prompt()) {
        counted = firstOfStep(request, position);
      }
      int since = position < request.prompt() ? position : counted - request.prompt();
      return since / turns.runLength() % turns.shards();
    }
    return position % rule.shards();
  }

  int localLength(PlacementRule rule, PlacedRequest request, int shard, int tokens) {
    if (rule instanceof PlacementRule.RoundRobin turns) {
      return dealt(turns.shards(), turns.runLength(), shard, tokens + turns.phase())
          - dealt(turns.shards(), turns.runLength(), shard, turns.phase());
    }
    if (rule instanceof PlacementRule.Contiguous parts) {
      return Math.max(0, Math.min(part(parts), tokens - shard * part(parts)));
    }
    if (rule instanceof PlacementRule.ByCacheSlot) {
      return (int)
          request.cacheSlots().subList(0, tokens).stream()
              .filter(slot -> slot % rule.shards() == shard)
              .count();
    }
    if (rule instanceof PlacementRule.VirtualPages pages) {
      return dealt(pages.shards(), pages.runLength(), shard, tokens);
    }
    if (rule instanceof PlacementRule.Restarted turns) {
      int ofPrompt = Math.min(tokens, request.prompt());
      int prompt = dealt(turns.shards(), turns.runLength(), shard, ofPrompt);
      return turns.bySteps()
          ? prompt + generated(rule, request, shard, tokens)
          : prompt + dealt(turns.shards(), turns.runLength(), shard, tokens - ofPrompt);
    }
    return dealt(rule.shards(), 1, shard, tokens);
  }

  /** Number of the first {@code tokens} tokens that a shard gets in round robin. */
  static int dealt(int shards, int runLength, int shard, int tokens) {
    int round = shards * runLength;
    int started = tokens % round - shard * runLength;
    return tokens / round * runLength + Math.max(0, Math.min(runLength, started));
  }

  private static int part(PlacementRule.Contiguous parts) {
    return (parts.capacity() + parts.shards() - 1) / parts.shards();
  }

  private int generated(PlacementRule rule, PlacedRequest request, int shard, int tokens) {
    int count = 0;
    for (int position = request.prompt(); position < tokens; position++) {
      count += owner(rule, request, position) == shard ? 1 : 0;
    }
    return count;
  }

  private static int firstOfStep(PlacedRequest request, int position) {
    int end = 0;
    int step = 0;
    while (end + request.steps().get(step) <= position) {
      end += request.steps().get(step++);
    }
    return end;
  }
}
