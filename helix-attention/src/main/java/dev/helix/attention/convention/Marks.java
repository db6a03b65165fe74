package dev.helix.attention.convention;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The log-sum-exps that mean "no tokens".
 *
 * @param given the marks that parts without tokens are given with, each of them somewhere; NaN may
 *     be one
 * @param read all log-sum-exps that may be taken for "no tokens", among them those given
 * @param returned the marks that an answer may have for a row without tokens
 * @param byLength whether a part without tokens is told by a length of 0. Its log-sum-exp may then
 *     be any of those given, even one that a part with tokens could have
 */
public record Marks(
    List<Double> given, List<Double> read, List<Double> returned, boolean byLength) {
  private static final double LEAST = 1e6;

  /**
   * Adds the given marks to those that may be read.
   *
   * @throws InvalidInputException if there is no mark, or if one could be the log-sum-exp of a part
   *     with tokens
   */
  public Marks {
    if (given.isEmpty() || returned.isEmpty()) {
      throw new InvalidInputException(
          "marks of a part without tokens: expected at least one that is given and one that is"
              + " returned");
    }
    if (!byLength) {
      given.forEach(Marks::requireNoLse);
      read.forEach(Marks::requireNoLse);
    }
    List<Double> all = new ArrayList<>(given);
    read.stream().filter(mark -> !all.contains(mark)).forEach(all::add);
    given = List.copyOf(given);
    read = List.copyOf(all);
    returned = List.copyOf(returned);
  }

  /** The marks of a convention that gives and returns the same ones. */
  public static Marks of(double... marks) {
    return of(false, marks);
  }

  /** The same, where a length may tell which parts have no tokens. */
  static Marks of(boolean byLength, double... marks) {
    return new Marks(list(marks), List.of(), list(marks), byLength);
  }

  /** These marks where NaN and +∞ may be taken for "no tokens" too. */
  public Marks readingAlso(double... others) {
    return new Marks(given, list(others), returned, byLength);
  }

  /** These marks with other ones in answers. */
  public Marks returning(double... others) {
    return new Marks(given, read, list(others), byLength);
  }

  /**
   * The marks of a convention that tells by a length whether a part has tokens, and leaves anything
   * in its log-sum-exp.
   */
  public static Marks byLength(double... left) {
    List<Double> none = List.of(Double.NEGATIVE_INFINITY);
    return new Marks(list(left), List.of(), none, true);
  }

  /** These marks where a length tells, or does not tell, which parts have no tokens. */
  public Marks byLength(boolean does) {
    return new Marks(given, read, returned, does);
  }

  /** The mark that is given to the part of this number, if it has no tokens. */
  public double given(int part) {
    return given.get(part % given.size());
  }

  /** Whether an answer with this log-sum-exp says that a row has no tokens. */
  public boolean isReturned(double lse) {
    return returned.contains(lse);
  }

  /** Whether a given log-sum-exp may be taken for "no tokens". */
  public boolean mayBeRead(double lse) {
    return read.contains(lse);
  }

  /** These marks as numbers of a format. */
  Marks rounded(DType format) {
    return new Marks(
        rounded(given, format), rounded(read, format), rounded(returned, format), byLength);
  }

  private static List<Double> list(double... marks) {
    return Arrays.stream(marks).boxed().toList();
  }

  private static List<Double> rounded(List<Double> marks, DType format) {
    return marks.stream().map(mark -> Double.isNaN(mark) ? mark : format.round(mark)).toList();
  }

  private static void requireNoLse(double mark) {
    if (Math.abs(mark) < LEAST) {
      throw new InvalidInputException(
          "mark of a part without tokens: expected an infinity or at least 1e6 in magnitude, which"
              + " no LSE is, got "
              + mark);
    }
  }
}
