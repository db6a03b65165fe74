package dev.helix.runtime.sharded.stages;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.runtime.sharded.RankCache;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.TokenOwners;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges local lengths by the placement, and page tables by what they have to hold: a page for each
 * slot that the placement fills, and no page twice in one request. If all lengths are those of the
 * placement, the shards together keep each token once. A place's token is the index of its request.
 */
public final class OwnershipJudge implements Judge {
  private static final int MOST_RUN = 256;

  private final ShardedStep step;
  private final TokenOwners owners;

  /** Creates the judge. */
  public OwnershipJudge(ShardedStep step) {
    this.step = step;
    this.owners = step.facts().owners();
  }

  @Override
  public Stage stage() {
    return Stage.OWNERSHIP;
  }

  @Override
  public Optional<String> lacking() {
    return step.has(StepTensor.LOCAL_LENGTHS) || step.hasCaches()
        ? Optional.empty()
        : Optional.of("local lengths and page tables");
  }

  @Override
  public void compare(Scope scope, Tally tally) {
    compare(scope, this::kept, tally);
  }

  /** Whether all local lengths and page tables are those of the placement. */
  public boolean holds() {
    Tally tally = new Tally();
    Set<Integer> ranks = new HashSet<>();
    step.ranks().forEach(rank -> ranks.add(rank.rank()));
    compare(new Scope(ranks, Set.of()), tally);
    return tally.wrong() == 0;
  }

  private static void length(RankStep rank, Place place, int kept, Tally tally) {
    if (rank.has(StepTensor.LOCAL_LENGTHS)) {
      double said = rank.get(StepTensor.LOCAL_LENGTHS)[place.token()];
      tally.add(new Element(place, "local length", said, kept, 0));
    }
  }

  private static void pages(RankCache cache, Place place, int kept, Tally tally) {
    int needed = (kept + cache.pageSize() - 1) / cache.pageSize();
    int there = cache.slots(place.token()) / cache.pageSize();
    tally.add(new Element(place, "pages for its tokens", Math.min(there, needed), needed, 0));
    int[] pages = cache.pages(place.token());
    Set<Integer> distinct = new HashSet<>();
    for (int i = 0; i < Math.min(needed, there); i++) {
      distinct.add(pages[i]);
    }
    int used = Math.min(needed, there);
    tally.add(new Element(place, "distinct pages", distinct.size(), used, 0));
  }

  @Override
  public List<Suspect> suspects() {
    List<Suspect> all = new ArrayList<>();
    int run = owners.longestRun();
    int kvp = owners.kvp();
    lengths(all, "one token short", (request, rank) -> kept(request, rank) - 1);
    lengths(all, "one token long", (request, rank) -> kept(request, rank) + 1);
    lengths(
        all, "one run of %d short".formatted(run), (request, rank) -> kept(request, rank) - run);
    lengths(all, "one run of %d long".formatted(run), (request, rank) -> kept(request, rank) + run);
    lengths(all, "the global length", (request, rank) -> owners.length(request));
    lengths(
        all,
        "the global length divided by %d and rounded down".formatted(kvp),
        (request, rank) -> owners.length(request) / kvp);
    lengths(
        all,
        "the global length divided by %d and rounded up".formatted(kvp),
        (request, rank) -> (owners.length(request) + kvp - 1) / kvp);
    // Runs of the given length come first: from the first token on, if the given rule is another.
    if (run > 0) {
      runs(all, run);
    }
    for (int other : SlotSuspects.otherRuns(run, MOST_RUN)) {
      runs(all, other);
    }
    lengths(all, "that of the next rank", (q, rank) -> kept(q, (rank + 1) % kvp));
    lengths(all, "that of the rank before", (q, rank) -> kept(q, (rank + kvp - 1) % kvp));
    lengths(all, "that of ranks in reverse order", (q, rank) -> kept(q, kvp - 1 - rank));
    return List.copyOf(all);
  }

  private void runs(List<Suspect> all, int length) {
    KvPlacement rule = new RoundRobinPlacement(owners.kvp(), length);
    lengths(
        all,
        "that of runs of %d".formatted(length),
        (request, rank) -> rule.localLength(rank, owners.length(request)));
  }

  private int kept(int request, int rank) {
    return owners.localLength(request, rank);
  }

  private void lengths(List<Suspect> all, String name, Lengths lengths) {
    all.add(
        new Suspect(
            "local length is " + name,
            (scope, tally) ->
                compare(scope, (q, rank) -> Math.max(0, lengths.of(q, rank)), tally)));
  }

  /**
   * Compares with other lengths. Pages may be those that either these or the placement's need,
   * since a program can have the fault before or after it allocates them.
   */
  private void compare(Scope scope, Lengths lengths, Tally tally) {
    for (RankStep rank : step.ranks()) {
      for (int request = 0; request < owners.requests() && scope.hasRank(rank.rank()); request++) {
        if (scope.hasToken(request)) {
          Place place = new Place(rank.rank(), request, Place.NO_HEAD);
          int length = lengths.of(request, rank.rank());
          length(rank, place, length, tally);
          if (rank.cache().isPresent()) {
            pages(rank.cache().get(), place, Math.min(length, kept(request, rank.rank())), tally);
          }
        }
      }
    }
  }

  /** How many tokens of a request a rank keeps. */
  private interface Lengths {
    int of(int request, int rank);
  }
}
