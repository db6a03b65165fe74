package dev.helix.runtime.sharded.tally;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The numbers of a comparison that are the farthest beyond their bounds, by which a fault is told
 * from none.
 *
 * <p>A fault that moves a number by less than the number's bound leaves it where a right program
 * may have it. So a wrong number does not speak for the fault, although it may be within the bounds
 * of both. It speaks for a fault that moves it by more; or for one that moves nothing, but has
 * wider bounds, as another rounding has.
 */
public final class WrongNumbers {
  private static final int MOST = 1024;

  private final Tally tally;
  private final Map<Name, Element> wrong = new HashMap<>();
  private final Set<Place> places = new HashSet<>();

  /** A number's place and what it is. */
  private record Name(Place place, String quantity) {}

  private record Named(Name name, Element element) {}

  /**
   * Makes a comparison, and remembers what is wrong.
   *
   * @param counted the places that count
   * @param comparison adds numbers to a tally
   */
  public WrongNumbers(Predicate<Place> counted, Consumer<Tally> comparison) {
    PriorityQueue<Named> farthest =
        new PriorityQueue<>(Comparator.comparingDouble(named -> named.element.share()));
    this.tally =
        new Tally(
            counted,
            (element, quantity) -> {
              boolean isFull = farthest.size() == MOST;
              double least = isFull ? farthest.peek().element.share() : 1;
              if (element.share() > least) {
                farthest.add(new Named(new Name(element.place(), quantity.get()), element));
                if (isFull) {
                  farthest.poll();
                }
              }
            });
    comparison.accept(tally);
    for (Named named : farthest) {
      wrong.put(named.name, named.element);
      places.add(named.name.place);
    }
  }

  /** The comparison. */
  public Tally tally() {
    return tally;
  }

  /** The same numbers compared with what a fault makes of them. */
  public final class UnderFault {
    private final Tally tally;
    private int speaking;

    /**
     * Makes the comparison.
     *
     * @param counted the places that count
     * @param comparison adds numbers to a tally
     */
    public UnderFault(Predicate<Place> counted, Consumer<Tally> comparison) {
      this.tally = new Tally(counted, this::see);
      comparison.accept(tally);
    }

    private void see(Element element, Supplier<String> quantity) {
      if (!places.contains(element.place()) || element.share() > 1) {
        return;
      }
      Element right = wrong.get(new Name(element.place(), quantity.get()));
      if (right != null && speaksFor(element, right)) {
        speaking++;
      }
    }

    private static boolean speaksFor(Element faulty, Element right) {
      double moved = Math.abs(faulty.expected() - right.expected());
      return moved == 0 || !(moved <= right.bound());
    }

    /** The comparison. */
    public Tally tally() {
      return tally;
    }

    /** How many of the wrong numbers are explained and tell the fault from none, 1,024 at most. */
    public int speaking() {
      return speaking;
    }
  }
}
