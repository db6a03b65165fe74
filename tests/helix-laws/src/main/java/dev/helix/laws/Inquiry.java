package dev.helix.laws;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One question that a law put to an implementation, and the answer, judged by itself and not by the
 * law: against the true value of what was asked.
 */
public interface Inquiry {
  /** The question, in the sizes and with the contents that were sent. */
  String question();

  /**
   * One observation for each row that can be judged, which is a row whose question holds only
   * numbers.
   */
  List<Observation> observations();

  /** The element that is furthest off, if one is beyond its bound. */
  Optional<WrongElement> worst();

  /**
   * Says for each known fault how far it explains the answer. The order of the faults is always the
   * same.
   *
   * @param asked says by a fault's name whether it is to be compared
   */
  List<Agreement> agreements(Predicate<String> asked);

  /** Whether an element is beyond its bound. */
  default boolean wrong() {
    return observations().stream().anyMatch(Observation::wrong);
  }

  /**
   * The judgement of one row of an answer.
   *
   * @param traits traits of the row and of the question that it belongs to
   * @param wrong whether a number of the row is beyond its derived bound, or missing
   */
  record Observation(Set<Trait> traits, boolean wrong) {
    public Observation {
      traits = Set.copyOf(traits);
    }
  }

  /**
   * An element of an answer that is beyond its bound.
   *
   * @param place {@code "output of token 0, head 2, component 5"}
   * @param numbers what was expected, what came, how far that is
   */
  record WrongElement(String place, String numbers) {}

  /**
   * Says how far an answer agrees with that of a program with a known fault.
   *
   * @param fault its name, and where it was seen
   * @param within number of elements within the bound of what the faulty program answers
   * @param elements number of elements that were compared
   * @param wrong number of elements that are beyond their own bound of the true value
   * @param explained number of wrong elements that the fault explains: its own answer is beyond
   *     that bound too, and much nearer to the given answer than the true value is
   */
  record Agreement(String fault, int within, int elements, int wrong, int explained) {}
}
