package dev.helix.runtime.sharded.stages;

import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.runtime.sharded.RankCache;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.TokenOwners;
import dev.helix.runtime.sharded.reference.LocalTokens.RangeChange;
import dev.helix.runtime.sharded.reference.SlotRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The known faults of a kernel that attends to other slots of a rank's cache than it should. */
final class SlotSuspects {
  private static final int MOST_RUN = 64;
  private static final int MOST_PHASES = 16;

  private final TokenOwners owners;
  private final int run;
  private final int page;
  private final boolean several;
  private final List<Optional<RankCache>> caches;

  /** How many tokens a request had before the step. */
  private final Map<Integer, Integer> firstOfStep;

  SlotSuspects(ShardedStep step) {
    this.owners = step.facts().owners();
    this.run = owners.longestRun();
    this.page = step.ranks().get(0).cache().map(RankCache::pageSize).orElse(0);
    this.caches = step.ranks().stream().map(RankStep::cache).toList();
    this.firstOfStep =
        step.facts().tokens().stream()
            .collect(Collectors.toMap(QueryToken::request, QueryToken::position, Math::min));
    this.several =
        step.facts().tokens().stream().mapToInt(QueryToken::request).distinct().count()
            < step.facts().tokens().size();
  }

  Map<String, RangeChange> all() {
    Map<String, RangeChange> all = new LinkedHashMap<>();
    all.put("causal mask one token short: a token does not see itself", visible(-1));
    all.put("causal mask one token long: a token sees the next one", visible(1));
    all.put("local length one token short", ends(right -> right.to() - 1));
    all.put("local length one token long", ends(right -> right.to() + 1));
    if (run > 1) {
      all.put(
          "local length one run of %d short where it has more".formatted(run),
          ends(right -> right.count() > run ? right.to() - run : right.to()));
      all.put("local length one run of %d short".formatted(run), ends(right -> right.to() - run));
      all.put("local length one run of %d long".formatted(run), ends(right -> right.to() + run));
      all.put("local length of runs of 1 token", dealt(1, 0));
    }
    all.put("no token attended to", ends(SlotRange::from));
    all.put("global length in place of the local one", global());
    all.put("local length that of the next rank", neighbour(1));
    all.put("local length that of the rank before", neighbour(owners.kvp() - 1));
    all.put(
        "local length the global one divided by %d and rounded down".formatted(owners.kvp()),
        (rank, token, right) -> new SlotRange(right.from(), token.visible() / owners.kvp()));
    all.put(
        "local length for a global one rounded down to a multiple of %d".formatted(owners.kvp()),
        (rank, token, right) ->
            new SlotRange(
                right.from(),
                owners.localLength(
                    token.request(), rank, token.visible() / owners.kvp() * owners.kvp())));
    dealtOtherwise(all);
    all.put(
        "first token missing", (rank, token, right) -> new SlotRange(right.from() + 1, right.to()));
    all.put("slots behind the last token included, all that the rank has", allSlots());
    all.put("chunk start phase ignored in the local length", phaseIgnored());
    if (page > 1) {
      all.put(
          "first page of %d missing".formatted(page),
          (rank, token, right) -> new SlotRange(right.from() + page, right.to()));
      all.put("last page missing", ends(right -> (right.to() - 1) / page * page));
      all.put(
          "slots behind the last token included, to the end of its page",
          ends(right -> (right.to() + page - 1) / page * page));
    }
    if (several) {
      all.put("no mask among the tokens of one step", unmasked());
      all.put("causal bound on global positions compared with local slots", localBound());
      all.put("tokens of one step counted off the local length", countedOff());
    }
    return all;
  }

  /** Local lengths of other run lengths and start phases. */
  private void dealtOtherwise(Map<String, RangeChange> all) {
    for (int other : otherRuns(run, MOST_RUN)) {
      if (other > 1) {
        all.put("local length of runs of %d tokens".formatted(other), dealt(other, 0));
      }
    }
    for (int phase = 1; phase < Math.min(MOST_PHASES, owners.kvp() * run); phase++) {
      all.put(
          "local length of a round that begins at its token %d".formatted(phase),
          dealt(run, phase));
    }
  }

  /** Lengths of runs that a rank may be configured with: powers of 2, and one more or less. */
  static int[] otherRuns(int run, int most) {
    return IntStream.concat(
            IntStream.iterate(1, other -> other <= most, other -> 2 * other),
            IntStream.of(run - 1, run + 1))
        .filter(other -> other > 0 && other != run)
        .distinct()
        .toArray();
  }

  /** A token that sees all that the rank keeps of its request sees slots behind it, too. */
  private RangeChange allSlots() {
    return (rank, token, right) -> {
      int kept = owners.localLength(token.request(), rank);
      boolean newest = owners.localLength(token.request(), rank, token.visible()) == kept;
      int slots = caches.get(rank).map(cache -> cache.slots(token.request())).orElse(0);
      return newest ? new SlotRange(right.from(), Math.max(right.to(), slots)) : right;
    };
  }

  /** The tokens of a step are counted as if the first of them were the first of its round. */
  private RangeChange phaseIgnored() {
    return (rank, token, right) -> {
      int before = firstOfStep.get(token.request());
      int chunk = token.visible() - before;
      return new SlotRange(
          right.from(),
          owners.localLength(token.request(), rank, before)
              + owners.localLength(token.request(), rank, chunk));
    };
  }

  private static RangeChange ends(ToIntFunction<SlotRange> to) {
    return (rank, token, right) -> new SlotRange(right.from(), to.applyAsInt(right));
  }

  private RangeChange dealt(int runLength, int phase) {
    KvPlacement rule = new RoundRobinPlacement(owners.kvp(), runLength);
    return (rank, token, right) ->
        new SlotRange(
            right.from(),
            rule.localLength(rank, token.visible() + phase) - rule.localLength(rank, phase));
  }

  /** As if a token saw so many more tokens of its sequence, as far as they are cached. */
  private RangeChange visible(int more) {
    return (rank, token, right) -> {
      int seen = Math.min(token.visible() + more, owners.length(token.request()));
      return new SlotRange(right.from(), owners.localLength(token.request(), rank, seen));
    };
  }

  private static RangeChange global() {
    return (rank, token, right) -> new SlotRange(right.from(), token.visible());
  }

  private RangeChange neighbour(int distance) {
    return (rank, token, right) ->
        new SlotRange(
            right.from(),
            owners.localLength(token.request(), (rank + distance) % owners.kvp(), token.visible()));
  }

  private RangeChange unmasked() {
    return (rank, token, right) ->
        new SlotRange(right.from(), owners.localLength(token.request(), rank));
  }

  private RangeChange localBound() {
    return (rank, token, right) ->
        new SlotRange(
            right.from(), Math.min(token.visible(), owners.localLength(token.request(), rank)));
  }

  private RangeChange countedOff() {
    return (rank, token, right) ->
        new SlotRange(
            right.from(),
            Math.max(
                0,
                owners.localLength(token.request(), rank)
                    - (owners.length(token.request()) - token.visible())));
  }
}
