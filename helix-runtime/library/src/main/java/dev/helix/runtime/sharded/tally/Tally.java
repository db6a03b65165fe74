package dev.helix.runtime.sharded.tally;

import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** Counts elements that were compared, and remembers where they are beyond their bounds. */
public final class Tally {
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::rank)
          .thenComparingInt(Place::token)
          .thenComparingInt(Place::head);

  private final Predicate<Place> counted;
  private final Witness witness;
  private final SortedMap<Place, Double> shares = new TreeMap<>(ORDER);
  private final SortedSet<Place> wrongPlaces = new TreeSet<>(ORDER);
  private long elements;
  private long wrong;
  private long unexpected;
  private long unbounded;
  private long hiddenRows;
  private Optional<Element> worst = Optional.empty();
  private double worstShare = -1;

  /** Creates a tally of all elements that are added. */
  public Tally() {
    this(place -> true);
  }

  /** Creates a tally of those elements whose places count. */
  public Tally(Predicate<Place> counted) {
    this(counted, (element, quantity) -> {});
  }

  Tally(Predicate<Place> counted, Witness witness) {
    this.counted = counted;
    this.witness = witness;
  }

  /** Compares one element. */
  public void add(Element element) {
    if (counted.test(element.place())) {
      add(element.place(), at -> element.quantity(), 0, element);
    }
  }

  /**
   * Compares an array of components of one place.
   *
   * @param quantity names a component
   */
  public void addAll(
      Place place, IntFunction<String> quantity, double[] got, double[] expected, double[] bound) {
    if (!counted.test(place)) {
      return;
    }
    boolean hidden = false;
    boolean seen = false;
    for (int i = 0; i < got.length; i++) {
      hidden |= expected[i] != 0;
      seen |= !(Math.abs(expected[i]) <= bound[i]);
      add(place, quantity, i, new Element(place, "", got[i], expected[i], bound[i]));
    }
    hiddenRows += hidden && !seen ? 1 : 0;
  }

  private void add(Place place, IntFunction<String> quantity, int at, Element element) {
    if (element.isUnbounded()) {
      unbounded++;
      return;
    }
    elements++;
    witness.see(element, () -> quantity.apply(at));
    double share = element.share();
    boolean isUnexpected = share > 1 && Double.isNaN(element.expected());
    unexpected += isUnexpected ? 1 : 0;
    shares.merge(place, share, Math::max);
    if (share > 1) {
      wrong++;
      wrongPlaces.add(place);
    }
    // What differs from a number says more than what differs from none.
    boolean onlyUnexpected = wrong == unexpected;
    boolean first = wrong - unexpected == 1 && !isUnexpected && share > 1;
    if (first || (share > worstShare && (onlyUnexpected || !isUnexpected))) {
      worstShare = share;
      worst =
          Optional.of(
              new Element(
                  place, quantity.apply(at), element.got(), element.expected(), element.bound()));
    }
  }

  /** Number of elements whose bounds are infinite; they are not compared. */
  public long unbounded() {
    return unbounded;
  }

  /**
   * Number of arrays of components in whose place zeros would hold, because no expected component
   * is larger than its bound.
   */
  public long hiddenRows() {
    return hiddenRows;
  }

  /** Number of elements that are beyond their bounds or have none. */
  public long unexplained() {
    return wrong + unbounded;
  }

  /** Number of elements compared. */
  public long elements() {
    return elements;
  }

  /** Number of elements beyond their bounds. */
  public long wrong() {
    return wrong;
  }

  /** Number of wrong elements in whose place something that is not a number was expected. */
  public long unexpected() {
    return unexpected;
  }

  /** Number of elements within their bounds. */
  public long within() {
    return elements - wrong;
  }

  /**
   * The element that takes the greatest share of its bound. One in whose place something that is
   * not a number was expected is only named if no other is wrong.
   */
  public Optional<Element> worst() {
    return worst;
  }

  /**
   * The share of its bound that the {@link #worst worst} element takes; 0 if nothing was compared.
   */
  public double share() {
    return Math.max(0, worstShare);
  }

  /** The greatest share of a bound at each place. */
  public SortedMap<Place, Double> shares() {
    return new TreeMap<>(shares);
  }

  /** The places that have an element beyond its bound. */
  public SortedSet<Place> wrongPlaces() {
    return new TreeSet<>(wrongPlaces);
  }
}
