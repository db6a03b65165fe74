package dev.helix.runtime.sharded.verdict;

import dev.helix.runtime.sharded.stages.Judge;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.Suspect;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Tally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Looks for known faults that explain the wrong elements of a stage. All suspects are tried on the
 * token with the worst element. If many explain something there, they are tried on some other
 * tokens. Those that explain the most there, and at least six, are then tried on everything that
 * the wrong ranks dumped. If none explains all of it, and several ranks are wrong, each rank is
 * explained by itself.
 */
final class Explaining {
  private static final int TRIED_ON_ALL_AT_LEAST = 6;
  private static final int MORE_TOKENS = 4;

  private final Judge judge;
  private final List<Suspect> suspects;

  Explaining(Judge judge) {
    this.judge = judge;
    this.suspects = judge.suspects();
  }

  /** The explanations of what is wrong, for disjoint sets of ranks. */
  List<Explanation> of(Tally wrong) {
    SortedSet<Integer> ranks = new TreeSet<>();
    wrong.wrongPlaces().forEach(place -> ranks.add(place.rank()));
    Explanation together = explained(ranks, wrong);
    if (together.isWhole() || ranks.size() == 1) {
      return List.of(together);
    }
    List<Explanation> alone = new ArrayList<>();
    for (int rank : ranks) {
      alone.add(explained(new TreeSet<>(Set.of(rank)), wrong));
    }
    return alone.stream().anyMatch(Explanation::isWhole) ? joined(alone) : List.of(together);
  }

  /** Explanations of the same faults, put together. */
  private static List<Explanation> joined(List<Explanation> alone) {
    Map<List<String>, Explanation> joined = new LinkedHashMap<>();
    for (Explanation one : alone) {
      List<String> names = one.best().stream().map(Explanation.Fit::fault).toList();
      joined.merge(names, one, Explaining::sum);
    }
    return List.copyOf(joined.values());
  }

  private static Explanation sum(Explanation a, Explanation b) {
    SortedSet<Integer> ranks = new TreeSet<>(a.ranks());
    ranks.addAll(b.ranks());
    List<Explanation.Fit> best = new ArrayList<>();
    for (int i = 0; i < a.best().size(); i++) {
      Explanation.Fit one = a.best().get(i);
      Explanation.Fit other = b.best().get(i);
      best.add(
          new Explanation.Fit(
              one.fault(), one.explained() + other.explained(), one.elements() + other.elements()));
    }
    return new Explanation(
        ranks, a.elements() + b.elements(), a.right() + b.right(), best, Optional.empty());
  }

  private Explanation explained(SortedSet<Integer> ranks, Tally wrong) {
    Place worst = worst(ranks, wrong);
    Scope first = new Scope(Set.of(worst.rank()), Set.of(worst.token()));
    Scope all = new Scope(ranks, Set.of());
    Tally asTheyAre = judge.compare(all);
    long wrongFirst = judge.compare(first).unexplained();
    record Tried(Suspect suspect, long unexplained) {}
    List<Tried> tried = new ArrayList<>();
    for (Suspect suspect : suspects) {
      long unexplained = suspect.tried().apply(first).unexplained();
      if (unexplained < wrongFirst) {
        tried.add(new Tried(suspect, unexplained));
      }
    }
    tried.sort(Comparator.comparingLong(Tried::unexplained));
    // Many faults fit one token, and what tells them apart is another one.
    if (tried.size() > TRIED_ON_ALL_AT_LEAST) {
      Scope more = more(ranks, worst, wrong);
      tried.replaceAll(
          one ->
              new Tried(
                  one.suspect, one.unexplained + one.suspect.tried().apply(more).unexplained()));
      tried.sort(Comparator.comparingLong(Tried::unexplained));
    }
    List<Explanation.Fit> fits = new ArrayList<>();
    // What explains everything is among the best here, so that none of it is missed.
    long ties = tried.stream().filter(one -> one.unexplained == tried.get(0).unexplained).count();
    for (Tried one : tried.stream().limit(Math.max(TRIED_ON_ALL_AT_LEAST, ties)).toList()) {
      Tally tally = one.suspect().tried().apply(all);
      fits.add(
          new Explanation.Fit(
              one.suspect().name(), tally.within(), tally.within() + tally.unexplained()));
    }
    fits.sort(Comparator.comparingLong(Explanation.Fit::unexplained));
    long fewest =
        fits.stream().mapToLong(Explanation.Fit::unexplained).findFirst().orElse(Long.MAX_VALUE);
    boolean helps = fewest < asTheyAre.unexplained();
    return new Explanation(
        ranks,
        asTheyAre.elements(),
        asTheyAre.within(),
        fits.stream().filter(fit -> helps && fit.unexplained() == fewest).toList(),
        fits.stream().filter(fit -> helps && fit.unexplained() > fewest).findFirst());
  }

  /** Some other tokens, far from each other, on all of these ranks. */
  private static Scope more(SortedSet<Integer> ranks, Place worst, Tally wrong) {
    List<Integer> tokens =
        wrong.wrongPlaces().stream()
            .filter(place -> ranks.contains(place.rank()) && place.token() != worst.token())
            .map(Place::token)
            .distinct()
            .sorted()
            .toList();
    Set<Integer> some = new TreeSet<>();
    for (int i = 0; i < Math.min(MORE_TOKENS, tokens.size()); i++) {
      some.add(tokens.get(i * tokens.size() / Math.min(MORE_TOKENS, tokens.size())));
    }
    // If only one token is wrong, it is looked at on all ranks.
    return new Scope(ranks, some.isEmpty() ? Set.of(worst.token()) : some);
  }

  private static Place worst(SortedSet<Integer> ranks, Tally wrong) {
    Optional<Place> worst = wrong.worst().map(Element::place);
    if (worst.isPresent() && ranks.contains(worst.get().rank())) {
      return worst.get();
    }
    return wrong.shares().entrySet().stream()
        .filter(entry -> ranks.contains(entry.getKey().rank()))
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }
}
