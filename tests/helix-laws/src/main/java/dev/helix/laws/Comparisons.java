package dev.helix.laws;

import dev.helix.laws.Inquiry.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All that a law compares on one case, right or wrong: numbers that were expected and numbers that
 * came, in rows of which each has its traits. Two implementations that answer alike make the same
 * comparisons, in the same order.
 */
final class Comparisons {
  private double[] expected = new double[64];
  private double[] got = new double[64];
  private double[] bounds = new double[64];
  private int count;
  private final List<Row> rows = new ArrayList<>();
  private boolean refused;

  /**
   * A row of comparisons.
   *
   * @param from the first of them; the next row begins behind the last
   */
  private record Row(Set<Trait> traits, int from) {}

  /** Begins a row, to which all numbers that follow belong. */
  void row(Set<Trait> traits) {
    rows.add(new Row(traits, count));
  }

  /** Adds a number that was expected, the number that came, and how far it may be off. */
  void add(double number, double answer, double bound) {
    if (count == got.length) {
      expected = Arrays.copyOf(expected, 2 * count);
      got = Arrays.copyOf(got, 2 * count);
      bounds = Arrays.copyOf(bounds, 2 * count);
    }
    expected[count] = number;
    got[count] = answer;
    bounds[count++] = bound;
  }

  /** Notes that the implementation answered with an error. */
  void refuse() {
    refused = true;
    add(0, 1, 0);
  }

  /** Returns the rows that have comparisons. */
  List<Observation> observations() {
    List<Observation> observations = new ArrayList<>();
    if (rows.isEmpty() || rows.get(0).from > 0) {
      rows.add(0, new Row(Set.of(Trait.ANY), 0));
    }
    for (int i = 0; i < rows.size(); i++) {
      int from = rows.get(i).from;
      int to = i + 1 < rows.size() ? rows.get(i + 1).from : count;
      if (to > from) {
        boolean wrong = IntStream.range(from, to).anyMatch(this::isWrong);
        observations.add(new Observation(rows.get(i).traits, wrong));
      }
    }
    return observations;
  }

  int count() {
    return count;
  }

  boolean isWrong() {
    return IntStream.range(0, count).anyMatch(this::isWrong);
  }

  private boolean isWrong(int i) {
    return isOff(expected[i], got[i], bounds[i]);
  }

  /**
   * Whether an answer is beyond the bound. NaN is beyond every bound, and the same infinity is
   * within every bound.
   */
  private static boolean isOff(double number, double answer, double bound) {
    return number != answer && !(Math.abs(number - answer) <= bound);
  }

  /**
   * Says how far a fault explains these answers. The fault explains a comparison that it makes
   * alike, within the bounds of both. It explains nothing if it makes another number of
   * comparisons, or if one of the two answered with an error.
   */
  Inquiry.Agreement agreement(String fault, Comparisons theirs) {
    int wrong = (int) IntStream.range(0, count).filter(this::isWrong).count();
    if (refused || theirs.refused || count != theirs.count) {
      return new Inquiry.Agreement(fault, 0, count, wrong, 0);
    }
    int within = (int) IntStream.range(0, count).filter(i -> isAlike(i, theirs)).count();
    int explained =
        (int) IntStream.range(0, count).filter(i -> isWrong(i) && isExplained(i, theirs)).count();
    return new Inquiry.Agreement(fault, within, count, wrong, explained);
  }

  private boolean isAlike(int i, Comparisons theirs) {
    double bound = bounds[i] + theirs.bounds[i];
    return isAlike(expected[i], theirs.expected[i], bound) && isAlike(got[i], theirs.got[i], bound);
  }

  private static boolean isAlike(double one, double other, double bound) {
    return Double.isNaN(one) ? Double.isNaN(other) : !isOff(one, other, bound);
  }

  /**
   * Whether a fault explains a comparison: its answer is wrong here too, and less than halfway from
   * this answer to the true value.
   */
  private boolean isExplained(int i, Comparisons theirs) {
    double distance = Math.abs(theirs.got[i] - expected[i]);
    boolean near = !Double.isFinite(distance) || Math.abs(got[i] - theirs.got[i]) < distance / 2;
    return theirs.isWrong(i) && near;
  }
}
