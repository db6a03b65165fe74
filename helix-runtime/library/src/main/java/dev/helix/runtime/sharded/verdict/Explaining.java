package dev.helix.runtime.sharded.verdict;

import dev.helix.runtime.sharded.stages.Judge;
import dev.helix.runtime.sharded.stages.Scope;
import dev.helix.runtime.sharded.stages.Suspect;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.runtime.sharded.tally.WrongNumbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Looks for known faults that explain the wrong elements of a stage. All suspects are tried on the
 * token with the worst element. If many explain something there, they are tried on some other
 * tokens. Those that explain the most there, and at least six, are then tried on everything that
 * the wrong ranks dumped. If none explains all of it, the others are tried on the other tokens too.
 *
 * <p>A fault may be in the code for some requests or heads alone. So what is not explained is tried
 * again on those tokens and heads in which anything is wrong, and if several ranks are wrong, rank
 * by rank.
 */
final class Explaining {
  private static final int TRIED_ON_ALL_AT_LEAST = 6;
  private static final int MORE_TOKENS = 4;

  /** Of a single row, a fault that brings another row to its place is right by chance. */
  private static final int LEAST_ROWS = 2;

  /** A fault that explains less than this part of what is wrong is near to nothing. */
  private static final double NEAR = 0.25;

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
      alone.add(explained(Set.of(rank), wrong));
    }
    return alone.stream().anyMatch(Explanation::isWhole) ? joined(alone) : List.of(together);
  }

  private Explanation explained(Set<Integer> ranks, Tally wrong) {
    Explanation whole = explained(new Scope(ranks, Set.of()), wrong);
    Scope narrow = narrowed(ranks, wrong);
    long rows = wrong.wrongPlaces().stream().filter(narrow::has).count();
    if (whole.isWhole() || narrow.isWhole() || rows < LEAST_ROWS) {
      return whole;
    }
    Explanation narrower = explained(narrow, wrong);
    return narrower.isWhole() ? narrower : whole;
  }

  /** The tokens and heads of these ranks in which anything is wrong. */
  private static Scope narrowed(Set<Integer> ranks, Tally wrong) {
    Scope all = new Scope(ranks, Set.of());
    Set<Place> compared = new HashSet<>(wrong.shares().keySet());
    compared.removeIf(place -> !all.has(place));
    Set<Place> places = new HashSet<>(wrong.wrongPlaces());
    places.removeIf(place -> !all.has(place));
    return new Scope(
        ranks, part(compared, places, Place::token), part(compared, places, Place::head));
  }

  /** What the places have that are a part of others; empty if they have all that these have. */
  private static Set<Integer> part(
      Set<Place> all, Set<Place> places, Function<Place, Integer> coordinate) {
    Set<Integer> some = places.stream().map(coordinate).collect(Collectors.toSet());
    return all.stream().map(coordinate).allMatch(some::contains) ? Set.of() : some;
  }

  /** Explanations of the same faults on the same tokens and heads, put together. */
  private static List<Explanation> joined(List<Explanation> alone) {
    record Same(List<String> faults, Set<Integer> tokens, Set<Integer> heads) {}
    Map<Same, Explanation> joined = new LinkedHashMap<>();
    for (Explanation one : alone) {
      List<String> names = one.best().stream().map(Explanation.Fit::fault).toList();
      joined.merge(
          new Same(names, one.scope().tokens(), one.scope().heads()), one, Explaining::sum);
    }
    return List.copyOf(joined.values());
  }

  private static Explanation sum(Explanation a, Explanation b) {
    SortedSet<Integer> ranks = a.ranks();
    ranks.addAll(b.ranks());
    List<Explanation.Fit> best = new ArrayList<>();
    for (int i = 0; i < a.best().size(); i++) {
      Explanation.Fit one = a.best().get(i);
      Explanation.Fit other = b.best().get(i);
      best.add(
          new Explanation.Fit(
              one.fault(),
              one.explained() + other.explained(),
              one.elements() + other.elements(),
              one.speaking() + other.speaking()));
    }
    return new Explanation(
        new Scope(ranks, a.scope().tokens(), a.scope().heads()),
        a.elements() + b.elements(),
        a.right() + b.right(),
        best,
        Optional.empty());
  }

  private Explanation explained(Scope all, Tally wrong) {
    Place worst = worst(all, wrong);
    Scope first = new Scope(Set.of(worst.rank()), Set.of(worst.token()), all.heads());
    Scope more = more(all, worst, wrong);
    WrongNumbers wrongOnes = new WrongNumbers(all::has, tally -> judge.compare(all, tally));
    Tally asTheyAre = wrongOnes.tally();
    List<Suspect> left = new ArrayList<>(suspects);
    List<Tried> tried = promising(left, first);
    // Many faults fit one token, and what tells them apart is another one.
    if (tried.size() > TRIED_ON_ALL_AT_LEAST) {
      tried.replaceAll(one -> one.and(more));
      tried.sort(Comparator.comparingLong(Tried::unexplained));
    }
    List<Explanation.Fit> fits = fits(tried, all, wrongOnes);
    if (fits.stream().noneMatch(fit -> fit.unexplained() == 0)) {
      // The worst token may be the one that a second fault has spoiled as well.
      tried.forEach(one -> left.remove(one.suspect));
      fits.addAll(fits(promising(left, more), all, wrongOnes));
    }
    fits.sort(Comparator.comparingLong(Explanation.Fit::unexplained));
    long fewest =
        fits.stream().mapToLong(Explanation.Fit::unexplained).findFirst().orElse(Long.MAX_VALUE);
    boolean helps = fewest <= (1 - NEAR) * asTheyAre.unexplained();
    return new Explanation(
        all,
        asTheyAre.elements(),
        asTheyAre.within(),
        fits.stream().filter(fit -> helps && fit.unexplained() == fewest).toList(),
        fits.stream()
            .filter(fit -> helps && fit.unexplained() > fewest)
            .filter(fit -> fit.unexplained() < asTheyAre.unexplained())
            .findFirst());
  }

  /** A suspect, and how many elements of some tokens it leaves unexplained. */
  private record Tried(Suspect suspect, long unexplained) {
    Tried and(Scope more) {
      return new Tried(suspect, unexplained + suspect.tried(more).unexplained());
    }
  }

  /** The suspects that explain anything of some tokens, those that explain the most first. */
  private List<Tried> promising(List<Suspect> among, Scope some) {
    long wrong = judge.compare(some).unexplained();
    List<Tried> promising = new ArrayList<>();
    for (Suspect suspect : among) {
      long unexplained = suspect.tried(some).unexplained();
      if (unexplained < wrong) {
        promising.add(new Tried(suspect, unexplained));
      }
    }
    promising.sort(Comparator.comparingLong(Tried::unexplained));
    return promising;
  }

  /** What the best of the tried suspects explain of everything, if bounds tell them from none. */
  private static List<Explanation.Fit> fits(List<Tried> tried, Scope all, WrongNumbers wrong) {
    // What explains everything is among the best here, so that none of it is missed.
    long ties = tried.stream().filter(one -> one.unexplained == tried.get(0).unexplained).count();
    List<Explanation.Fit> fits = new ArrayList<>();
    for (Tried one :
        tried.subList(0, (int) Math.min(tried.size(), Math.max(TRIED_ON_ALL_AT_LEAST, ties)))) {
      WrongNumbers.UnderFault under =
          wrong.new UnderFault(all::has, tally -> one.suspect().trial().compare(all, tally));
      Tally tally = under.tally();
      if (under.speaking() > 0) {
        fits.add(
            new Explanation.Fit(
                one.suspect().name(),
                tally.within(),
                tally.within() + tally.unexplained(),
                under.speaking()));
      }
    }
    return fits;
  }

  /** Some other tokens, far from each other, on all of these ranks. */
  private static Scope more(Scope all, Place worst, Tally wrong) {
    List<Integer> tokens =
        wrong.wrongPlaces().stream()
            .filter(place -> all.has(place) && place.token() != worst.token())
            .map(Place::token)
            .distinct()
            .sorted()
            .toList();
    Set<Integer> some = new TreeSet<>();
    for (int i = 0; i < Math.min(MORE_TOKENS, tokens.size()); i++) {
      some.add(tokens.get(i * tokens.size() / Math.min(MORE_TOKENS, tokens.size())));
    }
    // If only one token is wrong, it is looked at on all ranks.
    return new Scope(all.ranks(), some.isEmpty() ? Set.of(worst.token()) : some, all.heads());
  }

  private static Place worst(Scope all, Tally wrong) {
    Optional<Place> worst = wrong.worst().map(Element::place);
    if (worst.isPresent() && all.has(worst.get())) {
      return worst.get();
    }
    return wrong.shares().entrySet().stream()
        .filter(entry -> all.has(entry.getKey()))
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }
}
